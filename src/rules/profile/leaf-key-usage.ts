import { keyUsageBits } from '../../x509/path/extensions.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

const { digitalSignature, keyEncipherment, keyAgreement, keyCertSign, cRLSign } = keyUsageBits;
const dataEncipherment = 1 << 3;
const encipherOnly = 1 << 7;
const decipherOnly = 1 << 8;

/** Baseline Requirements section 7.1.2.7.11 and RFC 8813 section 3: which usages a server key may have, by its algorithm. */
export const leafKeyUsage = profileRule({
  id: 'leaf-key-usage',
  title: 'Key usage does not fit the key',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.11; RFC 8813 section 3; RFC 5280 section 4.2.1.3',
  remediation: 'Have it issued again with digitalSignature, for RSA also keyEncipherment, and nothing else.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, certificate }) {
    const usage = parsed.extensions.keyUsage?.value;
    if (usage === undefined) return [];
    const faults: ProfileFault[] = [];
    const refuse = (bit: number, name: string, from?: string): void => {
      const fault = {
        code: 'usage-not-allowed',
        message: `${name} with a key of type ${certificate.key?.type ?? '?'}`,
      };
      if ((usage & bit) !== 0) faults.push(from === undefined ? fault : { ...fault, from });
    };
    refuse(keyCertSign, 'keyCertSign');
    refuse(cRLSign, 'cRLSign', 'br-first');
    if (certificate.key?.type === 'EC') {
      refuse(keyEncipherment, 'keyEncipherment', 'rfc8813');
      refuse(dataEncipherment, 'dataEncipherment', 'rfc8813');
    }
    if (certificate.key?.type === 'RSA') {
      refuse(keyAgreement, 'keyAgreement');
      refuse(encipherOnly | decipherOnly, 'encipherOnly or decipherOnly');
    }
    if ((usage & digitalSignature) === 0 && (usage & (keyEncipherment | keyAgreement)) === 0)
      faults.push({ code: 'usage-useless', message: 'no usage that TLS has a use for', from: 'br-profiles' });
    return faults;
  },
});

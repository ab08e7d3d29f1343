import { children, DerError, readOid, readWhole, tags, type DerElement } from '../../x509/read/der.js';
import { profileRule, type ProfileFault, type Profiled } from '../profile-rule.js';

const rsaEncryption = '1.2.840.113549.1.1.1';
/** Signatures with an RSA key whose AlgorithmIdentifier ends in NULL (RFC 4055 section 5). */
const rsaSignature = /^1\.2\.840\.113549\.1\.1\.(?:5|11|12|13)$/;
const ecdsaSignature = /^1\.2\.840\.10045\.4\./;

/**
 * X.690 section 11 leaves one encoding for each value; RFC 4055 sections 1.2 and 5 and RFC 5758 section 3.2 one form of each
 * algorithm identifier. Programs that compare bytes see two certificates where there is one.
 */
export const derForm = profileRule({
  id: 'der-form',
  title: 'Encoding is not DER',
  severity: 'error',
  citation: 'X.690 section 11; RFC 4055 sections 1.2 and 5; Baseline Requirements section 7.1.3',
  remediation: 'Have it issued again by a CA whose software encodes as the standard asks.',
  scope: 'all',
  roles: ['leaf', 'ca', 'root'],
  faults: (profiled) => [...encodingFaults(profiled), ...keyFaults(profiled), ...signatureFaults(profiled)],
});

const encodingCodes: ReadonlySet<string> = new Set([
  'not-der',
  'malformed-extension',
  'name-constraints-malformed',
  'policy-constraints-malformed',
  'duplicate-extension',
]);

function encodingFaults({ parsed }: Profiled): readonly ProfileFault[] {
  return parsed.problems
    .filter(({ code }) => encodingCodes.has(code))
    .map(({ code, text }) => ({ code, message: text }));
}

function keyFaults({ parsed }: Profiled): readonly ProfileFault[] {
  const algorithm = algorithmOf(parsed.spki, true);
  if (algorithm === null || algorithm.oid !== rsaEncryption || isNull(algorithm.parameters)) return [];
  return [
    {
      code: 'rsa-key-parameters-not-null',
      message: 'the parameters of the RSA key are not NULL',
      from: 'mozilla-encodings',
    },
  ];
}

function signatureFaults({ parsed }: Profiled): readonly ProfileFault[] {
  const algorithm = algorithmOf(parsed.signatureAlgorithm, false);
  if (algorithm === null) return [];
  const { oid, parameters } = algorithm;
  const from = 'mozilla-encodings';
  if (rsaSignature.test(oid) && !isNull(parameters))
    return [{ code: 'rsa-signature-parameters-not-null', message: `${oid} without NULL parameters`, from }];
  if (ecdsaSignature.test(oid) && parameters !== undefined)
    return [{ code: 'ecdsa-signature-parameters', message: `${oid} with parameters`, from }];
  return [];
}

/** An AlgorithmIdentifier, by itself or as the first part of a SubjectPublicKeyInfo; null when it cannot be read. */
function algorithmOf(bytes: Uint8Array, isWithinKey: boolean) {
  try {
    const whole = readWhole(bytes, tags.sequence);
    const [first] = isWithinKey ? children(bytes, whole) : [whole];
    if (first === undefined) return null;
    const [oid, parameters] = children(bytes, first);
    return oid === undefined ? null : { oid: readOid(bytes, oid), parameters };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function isNull(parameters: DerElement | undefined): boolean {
  return parameters?.tag === tags.null && parameters.contentStart === parameters.end;
}

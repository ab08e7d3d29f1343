import { embeddedSctList, readSctList } from '../../x509/sct/sct.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

const sctList = '1.3.6.1.4.1.11129.2.4.2';
const poison = '1.3.6.1.4.1.11129.2.4.3';

/** RFC 6962 sections 3.1 and 3.3: the poison is critical and NULL and stands alone, a list of SCTs is not critical and not empty. */
export const sctForm = profileRule({
  id: 'sct-form',
  title: 'Transparency extensions are malformed',
  severity: 'error',
  citation: 'RFC 6962 sections 3.1 and 3.3',
  remediation: 'Have it issued again: browsers cannot count its SCTs.',
  scope: 'all',
  roles: ['leaf'],
  faults({ parsed, certificate }) {
    const faults: ProfileFault[] = [];
    const [list, mark] = [parsed.present.get(sctList), parsed.present.get(poison)];
    if (mark !== undefined && list !== undefined)
      faults.push({
        code: 'poison-with-scts',
        message: 'a precertificate with a list of SCTs',
        from: 'rfc6962',
      });
    if (mark !== undefined && !mark.critical)
      faults.push({ code: 'poison-not-critical', message: 'the poison is not critical', from: 'rfc6962' });
    if (mark !== undefined && Buffer.from(mark.value).toString('hex') !== '0500')
      faults.push({ code: 'poison-not-null', message: 'the poison is not NULL', from: 'rfc6962' });
    if (list === undefined) return faults;
    if (list.critical)
      faults.push({ code: 'scts-critical', message: 'the list of SCTs is critical', from: 'rfc6962' });
    const bytes = embeddedSctList(certificate);
    const { scts, problems } = bytes === null ? { scts: [], problems: [] } : readSctList(bytes);
    if (scts.length === 0)
      faults.push({ code: 'scts-empty', message: 'the list holds no SCT', from: 'rfc6962' });
    for (const message of problems.slice(0, 3))
      faults.push({ code: 'scts-malformed', message, from: 'rfc6962' });
    return faults;
  },
});

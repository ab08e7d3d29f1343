import { decodeText } from '../x509/read/der-text.js';
import { children, DerError, readWhole, tags } from '../x509/read/der.js';
import type { PolicyQualifier } from '../x509/path/extensions.js';
import type { ProfileFault } from './profile-rule.js';

const cpsQualifier = '1.3.6.1.5.5.7.2.1';

/** What is wrong with a policy qualifier of a public server certificate (Baseline Requirements section 7.1.2.7.9, RFC 5280 section 4.2.1.4). */
export function qualifierFaults({ id, value }: PolicyQualifier): readonly ProfileFault[] {
  if (id !== cpsQualifier) {
    const other = { code: 'qualifier-not-allowed', message: `the qualifier ${id}`, from: 'br-profiles' };
    return [other, ...noticeFaults(value)];
  }
  const text = Buffer.from(value.subarray(2)).toString('latin1');
  if (value[0] === tags.ia5String && /^https?:\/\/\S+$/i.test(text)) return [];
  return [{ code: 'cps-not-http', message: `the CPS address ${text.slice(0, 100)}`, from: 'br-profiles' }];
}

/** UserNotice ::= SEQUENCE { noticeRef SEQUENCE OPTIONAL, explicitText DisplayText OPTIONAL }. */
function noticeFaults(notice: Uint8Array): readonly ProfileFault[] {
  try {
    return [...children(notice, readWhole(notice, tags.sequence))].flatMap((part): ProfileFault[] => {
      if (part.tag === tags.sequence)
        return [{ code: 'notice-reference', message: 'a user notice with a reference', severity: 'warning' }];
      const text = decodeText(notice, part)?.text ?? '';
      const faults: ProfileFault[] = [];
      if (part.tag === tags.ia5String)
        faults.push({ code: 'notice-ia5', message: 'an explicit text as IA5String' });
      else if (part.tag !== tags.utf8String)
        faults.push({
          code: 'notice-not-utf8',
          message: 'an explicit text that is not UTF8String',
          severity: 'warning',
        });
      if ([...text].length > 200)
        faults.push({ code: 'notice-too-long', message: 'an explicit text of more than 200 characters' });
      if (/\p{Cc}/u.test(text))
        faults.push({
          code: 'notice-control',
          message: 'a control character in an explicit text',
          severity: 'warning',
        });
      if (text.normalize('NFC') !== text)
        faults.push({
          code: 'notice-not-nfc',
          message: 'an explicit text that is not normalised',
          severity: 'warning',
        });
      return faults;
    });
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

import type { Insight } from '../api/routes.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { embeddedSctList, readSctList } from '../x509/sct/sct.js';

/** See {@link Insight}. */
export function createInsight(): Insight {
  return {
    sctLogIds(der) {
      const list = embeddedSctList(readCertificate(der));
      return list === null ? [] : readSctList(list).scts.map(({ logId }) => logId);
    },
  };
}

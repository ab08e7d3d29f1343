import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ocsfOf } from '../../src/alerts/message/ocsf.js';
import { eventsOf } from '../../src/alerts/message/siem.js';
import { ocsf } from '../../src/alerts/ocsf.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { finding, message, openChannel } from './samples.js';
import { hostileMessages, streamMessage } from './streams.js';

// https://schema.ocsf.io/1.8.0/classes/compliance_finding and /detection_finding, https://schema.ocsf.io/1.8.0/objects/certificate, November
// 2026: required attributes of the classes; a certificate has issuer and serial_number.
const required = [
  'activity_id',
  'category_uid',
  'class_uid',
  'finding_info',
  'metadata',
  'severity_id',
  'time',
  'type_uid',
];

describe('OCSF', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  after(() => recorder.close());

  async function send(message = streamMessage()) {
    const channel = openChannel(ocsf, {
      url: `${recorder.url}/ocsf`,
      headers: { Authorization: 'Bearer canary' },
      allowPrivate: true,
    });
    const result = await channel.send(await message, new AbortController().signal);
    await channel.close();
    return { result, request: recorder.requests.at(-1)! };
  }

  it('posts an array of findings with everything that is required', async () => {
    const { result, request } = await send();
    assert.equal(result.ok, true);
    assert.equal(request.headers.authorization, 'Bearer canary');
    assert.equal(request.json.length, 2);
    for (const event of request.json) {
      for (const name of required) assert.notEqual(event[name], undefined, name);
      assert.equal(event.category_uid, 2);
      assert.equal(event.type_uid, event.class_uid * 100 + event.activity_id);
      assert.equal(event.metadata.version, '1.8.0');
      assert.ok(event.finding_info.uid && event.finding_info.title);
      const { certificate } = event.evidences[0].tls;
      assert.deepEqual([certificate.issuer, certificate.serial_number], ['CN=Test CA,O=Example', '0A:BC:01']);
    }
  });

  for (const [name, parts, classUid, activity] of [
    ['a breach of policy', {}, 2003, 1],
    ['a certificate nobody asked for', { rule: 'unauthorized-issuer' }, 2004, 1],
    ['a change', { revision: 2 }, 2003, 2],
    ['an end', { state: 'resolved', revision: 2, resolvedAt: new Date() }, 2003, 3],
  ] as const)
    it(`calls ${name} class ${classUid}, activity ${activity}`, async () => {
      const [event] = eventsOf(await message([finding(parts)], {}, 'stream')).map(ocsfOf);
      assert.deepEqual([event?.['class_uid'], event?.['activity_id']], [classUid, activity]);
      assert.equal('compliance' in (event ?? {}), classUid === 2003);
    });

  it('keeps hostile text inside of JSON strings', async () => {
    for (const message of await hostileMessages()) {
      const { request } = await send(Promise.resolve(message));
      assert.equal(request.json.length, 1);
    }
  });
});

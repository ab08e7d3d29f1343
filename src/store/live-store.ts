import type { Certificate } from '../model/certificate.js';
import type { CtEntry, CtPosition } from '../model/ct-entry.js';
import type { Delivery, StoredMessage } from '../model/delivery.js';
import type { StoredFact } from '../model/fact.js';
import type { Finding } from '../model/finding.js';
import type { InventoryItem, InventoryRun } from '../model/inventory-item.js';
import type { KeptRecord } from '../model/kept-record.js';
import type { Judged } from '../model/judged.js';
import type { Answer } from '../model/network.js';
import type { Observation } from '../model/observation.js';
import type { ScanRun } from '../model/scan-run.js';
import type { ChainEnd } from './audit/chain.js';
import type { AuditCheck } from './audit/check.js';
import type { AuditTrail } from './audit/trail.js';
import { trimAudit } from './audit/trim.js';
import { backup, backupFolder, BackupRefusedError } from './backup.js';
import { damage } from './damage.js';
import type { StoreConfig } from './config.js';
import type { ClockGuard } from './clock-guard.js';
import type { Database } from './database.js';
import { dialectOf } from './dialect.js';
import type { DiskGuard } from './disk-guard.js';
import type { DurableSender } from './durable-sender.js';
import { expiringRows } from './retention.js';
import { StateReader } from './state-reader.js';
import { erase, type EraseTarget } from './erase.js';
import { dropLedger } from './ledger.js';
import type { LedgerKeeper } from './ledger-keeper.js';
import { storeFact } from './facts.js';
import type { ApiReader } from './console-reader.js';
import { keyOfHash, RecentKeys, type Key } from '../lib/recent-keys.js';
import { Sightings } from './sightings.js';
import { createReader } from './sql-reader.js';
import { answerCodec } from './rows/answer.js';
import { certificateCodec, type SeenCertificate } from './rows/certificate.js';
import { ctEntryCodec, ctPositionCodec, type Versioned } from './rows/ct.js';
import type { RowCodec } from './rows/column.js';
import { deliveryCodec, messageCodec } from './rows/delivery.js';
import { recordCodec } from './rows/record.js';
import { judgedCodec } from './rows/judged.js';
import { findingChangeCodec, findingCodec } from './rows/finding.js';
import { observationCodec, sightingCodec } from './rows/observation.js';
import { inventoryItemCodec, inventoryRunCodec, scanCodec, scheduleRunCodec } from './rows/operation.js';
import type { AuditEntry } from '../model/audit-entry.js';
import type { Store } from './store.js';
import type { Writer } from './writer.js';

/** Under which the store remembers up to when it noted what is deleted. */
const expireRun = 'store:expired-until';
/** Certificates known to be stored, so that what is seen a thousand times is written once. 16 bytes each. */
const rememberedCertificates = 2 ** 18;
const inventorySlice = 5_000;

/** The store over a database: writes go through the writer, reads straight to the database. */
export class LiveStore extends StateReader implements Store {
  /** For the API, the console and reports. */
  readonly reader: ApiReader;
  readonly #config: StoreConfig;
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #storedCertificates = new RecentKeys(rememberedCertificates);
  readonly #sightings = new Sightings();
  readonly #sender: DurableSender;
  readonly #guard: DiskGuard;
  readonly #trail: AuditTrail;
  readonly #keeper: LedgerKeeper | null;
  readonly #clock: ClockGuard;
  #lastVersion: number;

  constructor(parts: {
    readonly config: StoreConfig;
    readonly database: Database;
    readonly writer: Writer;
    readonly sender: DurableSender;
    readonly guard: DiskGuard;
    readonly trail: AuditTrail;
    /** Null where the database is not ours to look after. */
    readonly keeper: LedgerKeeper | null;
    readonly clock: ClockGuard;
    /** Versions given out from now on are greater. */
    readonly lastVersion: number;
  }) {
    super(parts.database, () => {
      const state = parts.sender.state;
      return { ...state, blocked: state.blocked ?? parts.guard.reason };
    });
    this.#guard = parts.guard;
    this.#trail = parts.trail;
    this.#keeper = parts.keeper;
    this.#clock = parts.clock;
    this.#config = parts.config;
    this.#database = parts.database;
    this.#writer = parts.writer;
    this.reader = createReader(parts.database, (id) => this.findingHistory(id));
    this.#lastVersion = parts.lastVersion;
    this.#sender = parts.sender;
  }

  take(fact: StoredFact): Promise<void> {
    return storeFact(this, fact);
  }

  async writeObservations(batch: readonly Observation[]): Promise<void> {
    const certificates: SeenCertificate[] = [];
    for (const { chain, observedAt, survey } of batch) {
      this.#meetCertificates(certificates, chain, observedAt);
      for (const other of survey?.alternates ?? [])
        this.#meetCertificates(certificates, other.chain, observedAt);
    }
    const news = this.#sightings.news(batch);
    await Promise.all([
      this.#writeCertificates(certificates),
      this.#writer.write(sightingCodec, news.sightings),
    ]);
    news.stored();
    await this.#writer.write(observationCodec, batch);
  }

  async writeCtEntries(batch: readonly CtEntry[]): Promise<void> {
    const certificates: SeenCertificate[] = [];
    for (const entry of batch) {
      this.#meetCertificates(certificates, [entry.certificate], entry.seenAt);
      this.#meetCertificates(certificates, entry.chainCertificates, entry.seenAt);
    }
    await this.#writeCertificates(certificates);
    await this.#writer.write(ctEntryCodec, batch);
  }

  writeCtPosition(position: CtPosition): Promise<void> {
    return this.#writeVersioned(ctPositionCodec, [position]);
  }

  writeAnswers(answers: readonly Answer[]): Promise<void> {
    return this.#writeVersioned(answerCodec, answers);
  }

  async writeInventory(
    { source, startedAt }: Pick<InventoryRun, 'source' | 'startedAt'>,
    items: AsyncIterable<InventoryItem> | Iterable<InventoryItem>,
    finish: () => InventoryRun,
  ): Promise<InventoryRun> {
    let slice: { item: InventoryItem; runAt: Date }[] = [];
    for await (const item of items) {
      slice.push({ item, runAt: startedAt });
      if (slice.length < inventorySlice) continue;
      await this.#writer.write(inventoryItemCodec, slice);
      slice = [];
    }
    await this.#writer.write(inventoryItemCodec, slice);
    const run = { ...finish(), source, startedAt };
    await this.#writeVersioned(inventoryRunCodec, [run]);
    return run;
  }

  async writeFindings(findings: readonly Finding[]): Promise<void> {
    const versioned = findings.map((value) => ({ value, version: this.#nextVersion() }));
    await this.#writer.write(findingChangeCodec, versioned);
    await this.#writer.write(findingCodec, versioned);
  }

  writeDeliveries(deliveries: readonly Delivery[]): Promise<void> {
    return this.#writeVersioned(deliveryCodec, deliveries);
  }

  writeMessages(messages: readonly StoredMessage[]): Promise<void> {
    return this.#writeVersioned(messageCodec, messages);
  }

  writeScanRun(run: ScanRun): Promise<void> {
    return this.#writeVersioned(scanCodec, [run]);
  }

  writeJudged(judged: readonly Judged[]): Promise<void> {
    return this.#writeVersioned(judgedCodec, judged);
  }

  writeScheduleRun(name: string, startedAt: Date): Promise<void> {
    return this.#writeVersioned(scheduleRunCodec, [{ name, startedAt }]);
  }

  writeRecords(records: readonly KeptRecord[]): Promise<void> {
    return this.#writeVersioned(recordCodec, records);
  }

  writeAudit(entries: readonly AuditEntry[]): Promise<void> {
    return this.#trail.append(entries);
  }

  /** See Store. */
  checkAudit(expected: readonly ChainEnd[] = []): Promise<AuditCheck> {
    return this.#trail.check(expected, this.#sender.state.spooledBytes > 0);
  }

  /** See Store. */
  async expire(now: Date): Promise<void> {
    if (this.#clock.reason !== null) throw new Error(this.#clock.reason);
    if (this.#clock.isHeld) return;
    const { retentionDays } = this.#config;
    const since = (await this.lastScheduleRuns()).get(expireRun) ?? new Date(0);
    const until = new Date(now.getTime() + 86_400_000);
    const expiring = await expiringRows(this.#database, retentionDays, since, until);
    if (Object.keys(expiring).length > 0)
      await this.audit('certglass', 'store.expire', this.#config.database, expiring);
    await this.writeScheduleRun(expireRun, until);
    const dialect = dialectOf(this.#config);
    await trimAudit(this.#database, dialect, retentionDays.audit, now, (entries) => this.writeAudit(entries));
  }

  /** Notes something in the audit trail now. */
  audit(actor: string, action: string, subject: string, details: AuditEntry['details']): Promise<void> {
    return this.writeAudit([{ at: new Date(), actor, action, subject, details }]);
  }

  /** See Store. */
  damage(): Promise<readonly string[]> {
    return damage(this.#database, this.#sender, this.#config.dataDir);
  }

  /** See OpenStore. */
  async erase(target: EraseTarget, actor: string): Promise<number> {
    await this.#flush();
    if (this.#sender.state.spooledBytes > 0)
      throw new Error('rows still wait in the spool: erase when the database is back');
    // What is deleted on purpose is not missed at the next start, also when this is cut off.
    if (this.#keeper !== null) dropLedger(this.#config.dataDir);
    const rows = await erase(this.#database, dialectOf(this.#config), target);
    await this.#keeper?.note();
    this.#sightings.clear();
    await this.audit(actor, 'store.erase', Object.values(target).join(), { ...target, rows });
    return rows;
  }

  /** See OpenStore. */
  async backup(name: string, base: string | null = null): Promise<string> {
    if (this.#config.mode !== 'embedded')
      throw new BackupRefusedError("use ClickHouse's own BACKUP: this covers the embedded database only");
    await this.#flush();
    return backup(this.#database, dialectOf(this.#config), backupFolder(this.#config), name, base);
  }

  async close(): Promise<void> {
    this.#guard.close();
    this.#clock.close();
    await this.#flush();
    await this.#sender.close();
    await this.#keeper?.close();
    await this.#database.close();
  }

  async #flush(): Promise<void> {
    await Promise.all([this.#trail.idle(), this.#writer.flush()]);
  }

  async #writeVersioned<T>(codec: RowCodec<Versioned<T>>, values: readonly T[]): Promise<void> {
    await this.#writer.write(
      codec,
      values.map((value) => ({ value, version: this.#nextVersion() })),
    );
  }

  /** Notes the certificates that were not written lately. */
  #meetCertificates(met: SeenCertificate[], chain: readonly Certificate[], seenAt: Date): void {
    for (const certificate of chain)
      if (!this.#storedCertificates.has(keyOfCertificate(certificate))) met.push({ certificate, seenAt });
  }

  async #writeCertificates(met: readonly SeenCertificate[]): Promise<void> {
    const fresh = new Map<string, SeenCertificate>();
    for (const seen of met) {
      const { sha256, der } = seen.certificate;
      // Of one certificate with and without its bytes, the bytes are what must not be lost.
      if (der.length > 0 || !fresh.has(sha256)) fresh.set(sha256, seen);
    }
    const rows = [...fresh.values()];
    await this.#writer.write(certificateCodec, rows);
    for (const { certificate } of rows) this.#storedCertificates.add(keyOfCertificate(certificate));
  }

  /** Later calls give greater numbers, also when the clock goes back. Milliseconds since 1970 as long as it does not. */
  #nextVersion(): number {
    this.#lastVersion = Math.max(this.#lastVersion + 1, Date.now());
    return this.#lastVersion;
  }
}

/** A certificate whose bytes were not kept is another than the one with its bytes. */
function keyOfCertificate({ sha256, der }: Certificate): Key {
  const [a, b, c, d] = keyOfHash(sha256);
  return [a, b, c, der.length > 0 ? d : ~d >>> 0];
}

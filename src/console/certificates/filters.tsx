import { ChoiceChip, SearchBox, TextChip } from '../ui/filters.js';
import { Legs } from '../ui/marks.js';
import type { CertificatesState } from './state.js';

interface Props {
  readonly state: CertificatesState;
  readonly change: (part: Partial<CertificatesState>, how?: { readonly replace?: boolean }) => void;
}

/** Search, filters, and the legend of the two legs. */
export function CertificateFilters({ state, change }: Props) {
  return (
    <>
      <div class="filters">
        <SearchBox
          label="Search certificates"
          placeholder="Name, part of a name, hash, serial number"
          value={state.q}
          change={(q) => change({ q }, { replace: true })}
        />
        <ChoiceChip
          name="Served"
          value={state.served}
          choices={[
            ['true', 'now'],
            ['false', 'not now'],
          ]}
          change={(served) => change({ served })}
        />
        <TextChip
          name="Issuer"
          placeholder="Part of its name"
          value={state.issuer}
          change={(issuer) => change({ issuer })}
        />
        <ChoiceChip
          name="Key"
          value={state.keyType}
          choices={['RSA', 'EC', 'Ed25519'].map((type) => [type, type] as const)}
          change={(keyType) => change({ keyType })}
        />
        <TextChip
          name="Owner"
          placeholder="platform"
          value={state.owner}
          change={(owner) => change({ owner })}
        />
        <MoreChips state={state} change={change} />
      </div>
      <LegendLine state={state} change={change} />
    </>
  );
}

function MoreChips({ state, change }: Props) {
  return (
    <>
      <TextChip
        name="Expires from"
        placeholder="2027-01-01"
        value={state.expiresAfter}
        change={(expiresAfter) => change({ expiresAfter })}
      />
      <TextChip
        name="Expires before"
        placeholder="2027-01-31"
        value={state.expiresBefore}
        change={(expiresBefore) => change({ expiresBefore })}
      />
      {state.spkiSha256 === '' ? null : (
        <TextChip
          name="Key hash"
          placeholder="SHA-256"
          value={state.spkiSha256}
          change={(spkiSha256) => change({ spkiSha256 })}
        />
      )}
    </>
  );
}

function LegendLine({ state, change }: Props) {
  return (
    <div class="summary-line">
      <span class="lo">
        <Legs served logged text="served and logged" />
      </span>
      <span class="lo">
        <Legs served logged={false} text="served only" />
      </span>
      <span class="lo">
        <Legs served={false} logged text="logged only" />
      </span>
      <div class="acts">
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={state.expired === ''}
            onChange={(event) => change({ expired: event.currentTarget.checked ? '' : 'false' })}
          />
          Show expired
        </label>
      </div>
    </div>
  );
}

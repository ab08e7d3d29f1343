import { Icon } from './ui/icon.js';
import { Head } from './ui/page.js';
import { Empty } from './ui/states.js';

/** What a path shows that the console does not know, or an id that names nothing. */
export function NotFound({ what }: { readonly what?: string }) {
  return (
    <>
      <Head title="Not found" lede={what ?? 'The console has no page at this address.'} />
      <div class="panel">
        <Empty
          mood="none"
          title="What you can do"
          acts={
            <>
              <a class="btn primary" href="/certificates">
                <Icon name="search" />
                Search certificates
              </a>
              <a class="btn" href="/">
                Overview
              </a>
            </>
          }
        >
          Check the address, or search by name, hash or serial number.
        </Empty>
      </div>
    </>
  );
}

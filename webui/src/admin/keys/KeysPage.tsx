import { useKeyId } from '../../api/apiKey';
import { Card } from '../../ui/Card';
import type { ListedKey } from '../api/keys';
import { revokeKey, useKeys } from '../api/keys';
import { ActButton } from '../ui/ActButton';
import { ActDialog } from '../ui/ActDialog';
import { Empty, Loaded } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import type { Column } from '../ui/Table';
import { Table } from '../ui/Table';
import { NewKeyDialog } from './NewKeyDialog';

const COLUMNS: readonly Column<ListedKey>[] = [
  { title: 'Name', kind: 'wide', cell: (key) => <Name apiKey={key} /> },
  { title: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
  { title: 'Status', cell: ({ status }) => <span className={`tag tag-${status}`}>{status}</span> },
  { title: 'Made', cell: ({ created_at: at }) => <Moment at={at} /> },
  { title: 'Last used', cell: ({ last_used_at: at }) => <Moment at={at} none="never" /> },
  { title: 'Valid until', cell: (key) => <Moment at={key.revoked_at ?? key.expires_at} none="no end" /> },
  { title: 'Acts', kind: 'actions', cell: (key) => <Revoke apiKey={key} /> },
];

function Name({ apiKey: { id, name } }: { apiKey: ListedKey }) {
  const isMine = useKeyId() === `lb_${id}_`;
  return (
    <>
      <strong>
        <bdi>{name}</bdi>
      </strong>{' '}
      <code className="id">lb_{id}</code> {isMine && <span className="tag">this tab</span>}
    </>
  );
}

function Revoke({ apiKey: { id, name, status } }: { apiKey: ListedKey }) {
  const isMine = useKeyId() === `lb_${id}_`;
  if (status === 'revoked') return null;
  return (
    <ActButton label="Revoke&hellip;" of={name} isDangerous>
      {(close) => (
        <ActDialog
          act={{
            title: `Revoke the API key ${name}`,
            preview: () => Promise.resolve(null),
            describe: () => (
              <p>
                Calls with <code>lb_{id}_&hellip;</code> are refused from now on, within seconds.
                {isMine && (
                  <>
                    {' '}
                    <strong>It is the key of this tab: the console closes.</strong>
                  </>
                )}
              </p>
            ),
            yes: 'Yes, revoke the key',
            confirm: () => ({ text: name, what: 'the name of the key' }),
            run: () => revokeKey(id),
            done: () => `The API key ${name} was revoked.`,
          }}
          onClose={close}
        />
      )}
    </ActButton>
  );
}

export function KeysPage() {
  const keys = useKeys();
  return (
    <Card
      id="keys-title"
      title="API keys"
      className="list"
      actions={
        <ActButton label="New key&hellip;" isPrimary>
          {(close) => <NewKeyDialog onClose={close} />}
        </ActButton>
      }
    >
      <Loaded query={keys} what="The API keys">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No API keys" />
          ) : (
            <Table
              caption="API keys"
              columns={COLUMNS}
              rows={rows}
              keyOf={({ id }) => id}
              classOf={({ status }) => (status === 'active' ? undefined : 'faded')}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

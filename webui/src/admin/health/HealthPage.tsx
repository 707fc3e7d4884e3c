import { ago } from '../../lib/ago';
import { number } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Card } from '../../ui/Card';
import type { HealthReport } from '../api/health';
import { useHealth } from '../api/health';
import { moment } from '../lib/time';
import { Loaded } from '../ui/Loaded';

type Level = 'good' | 'warn' | 'bad';

interface Part {
  title: string;
  level: Level;
  /** The state in a word or two. */
  state: string;
  detail: string;
}

const STATES: Readonly<Record<HealthReport['status'], [Level, string]>> = {
  ready: ['good', 'Everything works'],
  degraded: ['warn', 'Every call works, but slower: the cache is down'],
  unavailable: ['bad', 'Calls are answered with an error'],
  stopping: ['warn', 'This process is stopping'],
};

/** More pending changes than this slow rank reads down. */
const MANY_PENDING = 10_000;

function partsOf(report: HealthReport): Part[] {
  const { database, schema, cache, rank_index: index, last_verify: verify, versions } = report;
  const pending = index.pending_deltas;
  return [
    {
      title: 'Database',
      level: database.status === 'up' ? 'good' : 'bad',
      state: { up: 'up', not_writable: 'cannot be written', down: 'down' }[database.status],
      detail: database.detail ?? (versions.postgresql === null ? '' : `PostgreSQL ${versions.postgresql}`),
    },
    {
      title: 'Functions of the database',
      level: schema.status === 'current' ? 'good' : 'bad',
      state: {
        current: 'current',
        not_current: 'of another release',
        not_granted: 'rights are missing',
        unknown: 'unknown',
      }[schema.status],
      detail: schema.detail ?? `Service ${versions.service}`,
    },
    {
      title: 'Cache',
      level: cache.status === 'up' ? 'good' : 'warn',
      state: cache.status,
      detail: cache.detail ?? 'Redis answers',
    },
    {
      title: 'Rank index',
      level: pending === null ? 'bad' : pending > MANY_PENDING ? 'warn' : 'good',
      state: pending === null ? 'unknown' : `${number(pending)} pending`,
      detail:
        index.horizon_age === null
          ? 'Changes that are not merged into the index yet'
          : `Oldest open transaction: ${number(index.horizon_age)} transactions ago`,
    },
    {
      title: 'Last verification',
      level: verify.differences === null ? 'warn' : verify.differences === 0 ? 'good' : 'bad',
      state:
        verify.differences === null
          ? 'not yet'
          : verify.differences === 0
            ? 'no differences'
            : `${number(verify.differences)} differences`,
      detail:
        verify.at !== null
          ? `A sample of ranks, at ${moment(verify.at)}`
          : verify.interval_seconds === 0
            ? 'Switched off: VERIFY_INTERVAL_SECONDS is 0'
            : `Every ${number(verify.interval_seconds)} seconds`,
    },
  ];
}

const WORDS: Readonly<Record<Level, string>> = { good: 'Good', warn: 'Warning', bad: 'Bad' };

/** How the service and its database are, as the process sees it that answers. Refreshed every 10 seconds. */
export function HealthPage() {
  const health = useHealth();
  const now = useNow();
  return (
    <Card
      id="health-title"
      title="State of the service"
      className="list"
      actions={health.dataUpdatedAt > 0 && <span className="muted">checked {ago(now - health.dataUpdatedAt)}</span>}
    >
      <Loaded query={health} what="The state of the service">
        {(report) => {
          const [level, text] = STATES[report.status];
          return (
            <div className="health" data-testid="health">
              <p className={`verdict ${level}`}>{text}</p>
              <ul>
                {partsOf(report).map((part) => (
                  <li key={part.title} className={part.level}>
                    <h3>{part.title}</h3>
                    <p className="state">
                      <span className="visually-hidden">{WORDS[part.level]}: </span>
                      {part.state}
                    </p>
                    <p className="muted">{part.detail}</p>
                  </li>
                ))}
              </ul>
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** Types of client.js. docs/clients.md says how the client behaves, docs/http.md and /docs describe the calls. */

/** A number is a user_id, a text an external id such as steam:76561198000000000. */
export type Player = number | string;
/** A Date, or a text with a time zone such as 2026-01-31T12:00:00Z. */
export type Moment = Date | string;
/** The number of a season; current is the default. */
export type SeasonName = number | 'current' | 'previous';
export type Attributes = Record<string, string>;
export type Metadata = Record<string, unknown>;

// --- errors ----------------------------------------------------------------------------------------------------

export class LeaderboardError extends Error {
  /** Whether another attempt may succeed. */
  readonly canRetry: boolean;
  /** Whether a submission may have been recorded nevertheless. */
  readonly mayHaveCounted: boolean;
  /** Seconds until the service wants to see the next attempt; null: it did not say. */
  readonly retryAfter: number | null;
}

/** The service answered with an error. */
export class ApiError extends LeaderboardError {
  constructor(status: number, code: string, text: string, more?: { retryAfter?: number; requestId?: string });
  readonly status: number;
  /** For programs, such as score_out_of_bounds. */
  readonly code: string;
  /** What to do, without the other fields that `message` has. */
  readonly text: string;
  readonly requestId: string | null;
}

/** No answer of the service came: no connection, no answer in time, or an answer that is not the service's. */
export class Unreachable extends LeaderboardError {}

/** The offline queue takes no more scores. */
export class QueueFull extends LeaderboardError {}

// --- offline queue ---------------------------------------------------------------------------------------------

/** A score in the queue, as it will be sent. */
export interface QueuedScore {
  key: string;
  score: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Whether played_at comes from the client, not from the game. */
  stamped: boolean;
  /** When an attempt began whose outcome is not certain; null: it surely has not counted yet. */
  sent_at: string | null;
}

/** Where scores wait. What `list` returns may have further fields, by which `write` and `remove` know it again. */
export interface Queue {
  add(score: QueuedScore): Promise<void>;
  write(score: QueuedScore): Promise<void>;
  remove(score: QueuedScore): Promise<void>;
  list(): Promise<QueuedScore[]>;
  size(): Promise<number>;
}

/** The offline queue of browsers: an IndexedDB database, which all tabs of a site share. */
export class BrowserQueue implements Queue {
  constructor(name?: string, options?: { limit?: number });
  add(score: QueuedScore): Promise<void>;
  write(score: QueuedScore): Promise<void>;
  remove(score: QueuedScore): Promise<void>;
  list(): Promise<QueuedScore[]>;
  size(): Promise<number>;
}

/** A score that left the queue without being counted, and why. */
export interface Refused {
  score: QueuedScore;
  error: LeaderboardError;
}

export interface Flushed {
  sent: number;
  refused: Refused[];
  left: number;
  /** Why it stopped before the end; null: it tried all scores. */
  error: LeaderboardError | null;
}

// --- arguments -------------------------------------------------------------------------------------------------

export interface ClientOptions {
  /** An API key, lb_... */
  key?: string | null;
  /** The offline queue: a BrowserQueue, or in Node a FolderQueue. */
  queue?: Queue | null;
  /** Is told of each score that leaves the queue without being counted. It leaves once this resolved. */
  onRefused?: (refused: Refused) => void | Promise<void>;
  /** Flush by itself: at the start, after submitLater, when the browser is online again, every 30 s. Default: true. */
  autoFlush?: boolean;
  /** Is told why a flush by itself failed, such as a wrong API key. Default: console.warn. */
  onFlushError?: (error: Error) => void;
  /** Seconds after which an attempt ends. Default: 10. */
  timeout?: number;
  /** Seconds after which a call is not tried again. Default: 30. */
  patience?: number;
}

interface Cancellable {
  signal?: AbortSignal | undefined;
}

export interface ScoreFields {
  player: Player;
  gameMode?: string | null;
  /** Of a new player. Others keep their name. */
  username?: string | null;
  playedAt?: Moment | null;
  metadata?: Metadata | null;
  /** A play ticket, from startPlay. */
  ticket?: string | null;
}

export interface BatchScore extends ScoreFields {
  score: number;
  idempotencyKey?: string;
}

export interface Destination {
  board?: string;
  season?: SeasonName;
}

export interface SubmitOptions extends Destination, Cancellable {
  include?: ('rank' | 'boards')[];
}

/** By default random. Give it if the game has one, such as the id of a match. */
export interface WithKey {
  key?: string;
}

export interface StandingsQuery extends Cancellable {
  board?: string;
  season?: SeasonName;
  split?: string;
  include?: ('attributes' | 'metadata' | 'player')[];
}

export interface PageQuery extends Cancellable {
  board: string;
  limit?: number;
  before?: number;
}

// --- answers: the JSON of the service --------------------------------------------------------------------------

export interface BoardTotal {
  board: string;
  total_score: number;
  season?: number;
  display?: string;
  rank?: number | null;
}

export interface Counted {
  user_id: number;
  score: number;
  total_score: number;
  username?: string;
  rank?: number | null;
  previous_rank?: number | null;
  boards?: BoardTotal[];
  player?: string;
  hidden?: boolean;
}

export interface Submitted extends Counted {
  message: string;
  duplicate: boolean;
}

export type BatchOutcome =
  ({ status: 'accepted' | 'duplicate' } & Counted) | { status: 'rejected'; error: { code: string; message: string } };

export interface Standing {
  rank: number;
  user_id: number;
  username: string;
  total_score: number;
  display?: string;
  tie?: number;
  hidden?: boolean;
  attributes?: Attributes | null;
  metadata?: Metadata | null;
  player?: string | null;
}

export interface PlayerRank {
  user_id: number;
  username: string;
  total_score: number;
  rank: number;
  players: number;
  percentile: number;
  display?: string;
  season?: number;
  at?: string;
  hidden?: boolean;
  attributes?: Attributes | null;
  metadata?: Metadata | null;
  player?: string | null;
}

export interface PlayerAmong extends PlayerRank {
  rank_among: number;
}

export interface RankOfScore {
  score: number;
  rank: number;
  players: number;
  percentile: number;
}

export interface HistoryPoint {
  at: string;
  rank: number;
  players: number;
  total_score: number;
  display?: string;
  hidden?: boolean;
}

/** A state of a board, from a stream. */
export interface Standings {
  board: string;
  season?: number;
  ends_at?: string;
  top: Standing[];
  players: PlayerAmong[];
}

/** Options that a board does not use are left out. */
export interface Board {
  board: string;
  game_mode: string | null;
  aggregate: 'sum' | 'best' | 'last' | 'first' | 'count';
  min_score: number;
  max_score: number;
  players: number;
  lowest_wins?: boolean;
  unit?: string;
  decimals?: number;
  ties?: 'shared' | 'earliest';
  opens_at?: string;
  closes_at?: string;
  period?: string;
  manual_seasons?: boolean;
  season?: number;
  season_starts_at?: string;
  next_reset_at?: string;
  split_by?: string;
  require_ticket?: boolean;
}

export interface Season {
  season: number;
  state: 'running' | 'closing' | 'closed';
  starts_at: string | null;
  ends_at: string | null;
  closed_at: string | null;
  players: number | null;
  winner: { user_id: number; username: string; total_score: number; display?: string } | null;
}

export interface Seasons {
  board: string;
  next_reset_at: string | null;
  seasons: Season[];
}

export interface PlayerSeason {
  season: number;
  starts_at: string | null;
  ends_at: string | null;
  closed: boolean;
  total_score: number;
  rank: number;
  players: number;
  display?: string;
}

export interface Split {
  split: string;
  players: number;
}

export interface Play {
  ticket: string;
  user_id: number;
  game_mode: string;
  min_seconds: number;
  expires_at: string;
  player?: string;
}

export interface FoundPlayer {
  user_id: number;
  username: string;
  player: string | null;
  attributes: Attributes | null;
}

export interface Profile {
  user_id: number;
  username: string;
  join_date: string;
  attributes: Attributes | null;
  player?: string;
  players?: string[];
}

export interface ChangedPlayer {
  user_id: number;
  username?: string;
  attributes?: Attributes | null;
  player?: string;
}

// --- client ----------------------------------------------------------------------------------------------------

/** Every promise rejects with an ApiError if the service answered with an error, or Unreachable if no answer came. */
export class Client {
  /** `url` is the address of the service, such as https://scores.example. */
  constructor(url: string, options?: ClientOptions);

  /** Submits a score. When it resolves, the score is on the service's disk, and counts once. */
  submit(score: number, options: ScoreFields & SubmitOptions & WithKey): Promise<Submitted>;
  /** Submits up to 1,000 scores: one outcome each, in order. A rejected one does not affect the others. */
  submitBatch(scores: BatchScore[], options?: SubmitOptions): Promise<BatchOutcome[]>;
  /** Stores a score in the offline queue. When it resolves, the score is on this machine's disk. The key is returned. */
  submitLater(score: number, options: ScoreFields & Destination & WithKey): Promise<string>;
  /** Sends the scores of the offline queue, oldest first, until one cannot be sent now. */
  flush(): Promise<Flushed>;
  /** How many scores wait in the offline queue. */
  queued(): Promise<number>;
  /** A play ticket: give it to `submit` with the score, not before `min_seconds` have passed. */
  startPlay(options: { player: Player; gameMode?: string; board?: string } & Cancellable): Promise<Play>;

  /** The best players, those from a `place` on, or the standings counting only scores from `from` to `to` (31 days). */
  top(
    options?: StandingsQuery & { limit?: number; place?: number | 'last'; from?: Moment; to?: Moment },
  ): Promise<Standing[]>;
  /** A player's total, rank and percentile, now or `at` a time up to 31 days ago. */
  rank(player: Player, options?: StandingsQuery & { at?: Moment }): Promise<PlayerRank>;
  /** A player with `span` neighbours above and below, by default 5. */
  around(player: Player, options?: StandingsQuery & { span?: number }): Promise<Standing[]>;
  /** The ranks of up to 1,000 players, on the board and among themselves, best first. Others are left out. */
  ranks(players: Player[], options?: StandingsQuery): Promise<PlayerAmong[]>;
  /** The rank that a player with this total would have. */
  rankOf(score: number, options?: Omit<StandingsQuery, 'include'>): Promise<RankOfScore>;
  /** A player's rank and total over time, a point a day and one for now, oldest first. */
  history(
    player: Player,
    options?: Omit<StandingsQuery, 'include'> & { from?: Moment; to?: Moment },
  ): Promise<HistoryPoint[]>;
  /** The state of a board now, and whenever it changed. Connects again by itself; `break` or the signal ends it. */
  stream(
    options?: Omit<StandingsQuery, 'include'> & {
      top?: number;
      players?: Player[];
      include?: ('attributes' | 'player')[];
    },
  ): AsyncGenerator<Standings, void, undefined>;

  /** The boards, and what counts on each. */
  boards(options?: Cancellable): Promise<Board[]>;
  /** The seasons of a board, newest first, with their winners and the next reset. */
  seasons(options: PageQuery): Promise<Seasons>;
  /** The values by which a board is split, such as countries. */
  splits(options: { board: string; season?: SeasonName } & Cancellable): Promise<Split[]>;

  /** A player's name and attributes. */
  player(player: Player, options?: Cancellable): Promise<Profile>;
  /** Players whose name begins so, in upper or lower case. */
  findPlayers(name: string, options?: { limit?: number } & Cancellable): Promise<FoundPlayer[]>;
  /** A player's results in the seasons of a board, newest first. */
  playerSeasons(player: Player, options: PageQuery): Promise<PlayerSeason[]>;
  /** Changes name and attributes: both or neither. An attribute that is null is taken away. */
  changePlayer(
    player: Player,
    changes: { username?: string; attributes?: Record<string, string | null> } & Cancellable,
  ): Promise<ChangedPlayer>;
  /** Gives a player one more external id. */
  link(player: Player, externalId: string, options?: Cancellable): Promise<void>;
  /** Takes an external id away from a player. */
  unlink(player: Player, externalId: string, options?: Cancellable): Promise<void>;

  /** Any other read, such as get('/threshold', { place: 100 }). */
  get(path: string, query?: Record<string, unknown>, options?: Cancellable): Promise<unknown>;

  /** Ends what the client does by itself. */
  close(): void;
}

/**
 * A client of the leaderboard service, for browsers and Node 20. docs/clients.md says how it behaves, client.d.ts what
 * each call takes and returns. The parts, from top to bottom: errors, retries, requests, streams, offline queue, client.
 */

// --- errors ----------------------------------------------------------------------------------------------------

export class LeaderboardError extends Error {
  constructor(message, { canRetry = false, mayHaveCounted = false, retryAfter = null, cause = undefined } = {}) {
    super(message, { cause });
    this.name = new.target.name;
    /** Whether another attempt may succeed. */
    this.canRetry = canRetry;
    /** Whether a submission may have been recorded nevertheless. */
    this.mayHaveCounted = mayHaveCounted;
    /** Seconds until the service wants to see the next attempt; null: it did not say. */
    this.retryAfter = retryAfter;
  }
}

/** The service answered with an error. `code` is for programs, `message` says what to do. */
export class ApiError extends LeaderboardError {
  constructor(status, code, text, { retryAfter = null, requestId = null } = {}) {
    super(`${status} ${code}: ${text}${requestId ? ` (request ${requestId})` : ''}`, {
      canRetry: RETRIED_STATUSES.has(status),
      mayHaveCounted: code === 'outcome_unknown' || code === 'internal_error',
      retryAfter,
    });
    this.status = status;
    this.code = code;
    this.text = text;
    this.requestId = requestId;
  }
}

/** No answer of the service came: no connection, no answer in time, or an answer that is not the service's. */
export class Unreachable extends LeaderboardError {
  constructor(message, { canRetry = true, mayHaveCounted = true, retryAfter = null, cause = undefined } = {}) {
    super(message, { canRetry, mayHaveCounted, retryAfter, cause });
  }
}

/** The offline queue takes no more scores. */
export class QueueFull extends LeaderboardError {}

// --- retries ---------------------------------------------------------------------------------------------------

/** Request timeout, too many requests, bad gateway, unavailable, gateway timeout. */
const RETRIED_STATUSES = new Set([408, 429, 502, 503, 504]);
const FIRST_WAIT_SECONDS = 0.25;
const LONGEST_WAIT_SECONDS = 10;

/** Random, so that clients that failed together come back apart, and never shorter than the service asked for. */
function waitAfter(attempts, retryAfter) {
  const longest = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** attempts);
  return (retryAfter ?? 0) + Math.random() * longest;
}

/** The seconds that a Retry-After header asks for, which may also be a date; null: there is none to understand. */
function secondsOf(header) {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const milliseconds = Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds / 1000);
}

/** The result of the first attempt that succeeds, or the error of the last one that `patience` leaves time for. */
async function retried(attempt, patience, signal) {
  const started = performance.now();
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof LeaderboardError) || !error.canRetry) throw error;
      const wait = waitAfter(attempts, error.retryAfter);
      if ((performance.now() - started) / 1000 + wait > patience) throw error;
      await sleep(wait, signal);
    }
  }
}

function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

// --- requests --------------------------------------------------------------------------------------------------

/** Errors of Node that say that no byte of a request arrived. Browsers do not tell. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** An Idempotency-Key: 128 random bits. `crypto.randomUUID` does not exist over plain http, as in a LAN. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The field of a body that names the player: a number is a user_id, a text an external id. */
const named = (player) => (typeof player === 'number' ? { user_id: player } : { player });
const inPath = (player) => encodeURIComponent(player);
const moment = (value) => (value instanceof Date ? value.toISOString() : value);

/** The fields that have a value. */
const given = (fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

/** The body of a submission. */
const scoreBody = (score, { player, gameMode, username, playedAt, metadata, ticket }) => ({
  ...named(player),
  score,
  ...given({ game_mode: gameMode, username, played_at: moment(playedAt), metadata, ticket }),
});

/** A query string with its question mark. `players` become user_ids and player, a list becomes text with commas. */
function queryString({ players = [], ...query }) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(given(query))) {
    if (!Array.isArray(value) || value.length) parameters.append(name, moment(value));
  }
  const userIds = players.filter((player) => typeof player === 'number');
  if (userIds.length) parameters.append('user_ids', userIds);
  for (const player of players) if (typeof player === 'string') parameters.append('player', player);
  const text = parameters.toString(); // older browsers have no parameters.size
  return text ? `?${text}` : '';
}

/** Makes single attempts. */
class Connection {
  constructor(url, key, timeout) {
    if (!/^https?:\/\//.test(url)) throw new TypeError(`the address must begin with http:// or https://, not ${url}`);
    this.base = `${url.replace(/\/+$/, '')}/api/leaderboard`;
    this.timeout = timeout;
    this.headers = { Accept: 'application/json', ...(key ? { Authorization: `Bearer ${key}` } : {}) };
  }

  /** A response, of which only the head has arrived. */
  async open(method, path, { body, headers, signal } = {}) {
    const isOffline = globalThis.navigator?.onLine === false;
    try {
      return await fetch(this.base + path, {
        method,
        headers: {
          ...this.headers,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        cache: 'no-store',
        // A score goes to the service alone, as a POST, or it stays here.
        redirect: method === 'GET' ? 'follow' : 'manual',
        signal,
      });
    } catch (error) {
      throw this.unreachable(error, isOffline);
    }
  }

  /** The JSON of the answer. */
  async attempt(method, path, { signal, ...options } = {}) {
    const timeout = AbortSignal.timeout(this.timeout * 1000);
    try {
      const response = await this.open(method, path, {
        ...options,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      return await this.read(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (timeout.aborted) throw this.unreachable(new Error(`none came in ${this.timeout} s`), false);
      throw error;
    }
  }

  /** The JSON of a 2xx answer. Throws ApiError for the service's errors, and Unreachable for answers of others. */
  async read(response) {
    let text, value;
    try {
      text = await response.text();
    } catch (error) {
      throw this.unreachable(error, false);
    }
    try {
      value = JSON.parse(text);
    } catch {
      throw notOurs(response);
    }
    if (response.ok) return value;
    if (typeof value?.error?.code !== 'string') throw notOurs(response);
    throw new ApiError(response.status, value.error.code, value.error.message, {
      retryAfter: secondsOf(response.headers.get('Retry-After')),
      requestId: response.headers.get('X-Request-Id'),
    });
  }

  unreachable(error, isOffline) {
    const cause = error.cause ?? error;
    return new Unreachable(`no answer from ${this.base}: ${cause.message || cause.code || cause}`, {
      mayHaveCounted: !isOffline && !NOT_SENT.has(cause.code),
      cause: error,
    });
  }
}

/** The error for an answer of a proxy, or of the login page of a Wi-Fi. */
function notOurs(response) {
  const what = `got ${response.status} with ${response.headers.get('Content-Type') ?? 'no content'}`;
  return new Unreachable(
    `${what}, which is no answer of the leaderboard service: check the address, and what is in between`,
    { canRetry: RETRIED_STATUSES.has(response.status), retryAfter: secondsOf(response.headers.get('Retry-After')) },
  );
}

// --- streams ---------------------------------------------------------------------------------------------------

/** The service sends a comment every 15 s. After 45 s of silence the connection is dead. */
const SILENCE_SECONDS = 45;

/** The statuses of errors that a stream may report. An event has none, and only some of them pass. */
const STATUSES = new Map([
  ['rate_limited', 429],
  ['too_many_streams', 503],
  ['database_unavailable', 503],
  ['database_timeout', 503],
  ['transaction_conflict', 503],
  ['overloaded', 503],
  ['board_filling', 503],
  ['internal_error', 500],
]);

/** Turns the text of a stream into events, as the HTML standard defines it (section 9.2.6). */
class EventParser {
  lastId = '';
  retrySeconds = 2;
  #rest = '';
  #name = '';
  #id = '';
  #data = [];

  /** The events that are complete with this text. The rest of an event whose end never came is forgotten. */
  *feed(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        this.lastId = this.#id; // not before: an event that is cut off has not been seen
        if (this.#data.length) yield { name: this.#name || 'message', data: this.#data.join('\n') };
        this.#name = '';
        this.#data = [];
      } else {
        this.#take(line);
      }
    }
  }

  #take(line) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retrySeconds = Number(value) / 1000;
  }

  /** Begins a new connection. */
  reset() {
    this.#rest = this.#name = '';
    this.#id = this.lastId;
    this.#data = [];
  }
}

/** The states that one connection shows, until it ends. */
async function* connected(connection, path, parser, signal) {
  const silence = new AbortController();
  const ends = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`silent for ${SILENCE_SECONDS} s`)), SILENCE_SECONDS * 1000);
  };
  heard();
  try {
    const response = await connection.open('GET', path, {
      headers: { Accept: 'text/event-stream', ...(parser.lastId ? { 'Last-Event-ID': parser.lastId } : {}) },
      signal: ends,
    });
    if (!response.ok) await connection.read(response);
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) throw notOurs(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      for (const event of parser.feed(value)) {
        const data = JSON.parse(event.data);
        if (event.name === 'error') {
          throw new ApiError(STATUSES.get(data.error.code) ?? 400, data.error.code, data.error.message);
        }
        if (event.name === 'standings') yield data;
      }
    }
  } catch (error) {
    throw error instanceof LeaderboardError ? error : connection.unreachable(error, false);
  } finally {
    clearTimeout(timer);
    silence.abort(); // closes the connection
  }
}

/** The states of a board as they change, over connections that are made anew when one ends. */
async function* streamed(connection, path, signal) {
  const parser = new EventParser();
  for (let failures = 0; ;) {
    let retryAfter = null;
    parser.reset();
    try {
      for await (const standings of connected(connection, path, parser, signal)) {
        failures = 0;
        yield standings;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!error.canRetry) throw error;
      failures++;
      retryAfter = error.retryAfter;
    }
    try {
      await sleep(parser.retrySeconds + (failures ? waitAfter(failures, retryAfter) : 0), signal);
    } catch {
      return; // aborted
    }
  }
}

// --- offline queue ---------------------------------------------------------------------------------------------

/** The service keeps keys for 7 days. A day is left for clocks that differ. */
const KEY_LIFETIME_MS = 6 * 86_400_000;
const STATUSES_FOR_GOOD = new Set([400, 404, 409, 413, 422]);
/** Answers that will be others later, or whose cause is the address. */
const NOT_FOR_GOOD = new Set(['not_found', 'too_many_submissions']);

/** Whether the service will never accept the score. A wrong key or address is not the score's fault. */
const isRefusedForGood = (error) =>
  error instanceof ApiError && STATUSES_FOR_GOOD.has(error.status) && !NOT_FOR_GOOD.has(error.code);

/** Whether other scores may fare better. */
const concernsTheScore = (error) =>
  error instanceof ApiError && (error.status === 500 || error.code === 'too_many_submissions');

const TOO_OLD = new ApiError(
  503,
  'outcome_unknown',
  'the answer to an attempt days ago never came, and the service keeps keys for 7 days: sending the score again' +
    ' could count it twice. See whether it counted, and if not, submit it anew',
);

/** The offline queue of browsers: an IndexedDB database, which all tabs of a site share. */
export class BrowserQueue {
  #name;
  #limit;
  #opened = null;

  constructor(name = 'leaderboard-scores', { limit = 10_000 } = {}) {
    this.#name = name;
    this.#limit = limit;
  }

  /** When this resolves, the score is on disk. */
  async add(score) {
    await this.#in('readwrite', (store) => {
      const counting = store.count();
      counting.onsuccess = () => {
        if (counting.result < this.#limit) store.add(score);
        else store.transaction.abort();
      };
      return counting;
    }).catch(async (error) => {
      if ((await this.size()) < this.#limit) throw error;
      throw new QueueFull(`the queue ${this.#name} holds ${this.#limit} scores: flush it, or raise its limit`);
    });
  }

  /** Also replaces a score. */
  async write(score) {
    await this.#in('readwrite', (store) => store.put(score));
  }

  async remove(score) {
    await this.#in('readwrite', (store) => store.delete(score.id));
  }

  /** The scores, oldest first. */
  list() {
    return this.#in('readonly', (store) => store.getAll());
  }

  size() {
    return this.#in('readonly', (store) => store.count());
  }

  /** The result of a request, once its transaction is on disk. */
  async #in(mode, ask) {
    this.#opened ??= this.#open();
    const database = await this.#opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction('scores', mode, { durability: 'strict' });
      const request = ask(transaction.objectStore('scores'));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    });
  }

  #open() {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(this.#name, 1);
      opening.onupgradeneeded = () =>
        opening.result.createObjectStore('scores', { keyPath: 'id', autoIncrement: true });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => {
        this.#opened = null;
        reject(opening.error);
      };
    });
  }
}

// --- client ----------------------------------------------------------------------------------------------------

export class Client {
  #connection;
  #patience;
  #queue;
  #onRefused;
  #onFlushError;
  #autoFlush;
  #flushing = Promise.resolve();
  #timer = null;
  #isDue = false;
  #notBefore = 0;
  #closed = false;

  constructor(
    url,
    {
      key = null,
      queue = null,
      onRefused = () => {},
      autoFlush = true,
      onFlushError = (error) => console.warn(error.message),
      timeout = 10,
      patience = 30,
    } = {},
  ) {
    this.#connection = new Connection(url, key, timeout);
    this.#patience = patience;
    this.#queue = queue;
    this.#onRefused = onRefused;
    this.#onFlushError = onFlushError;
    this.#autoFlush = queue !== null && autoFlush;
    if (this.#autoFlush) {
      globalThis.addEventListener?.('online', this.#flushSoon);
      this.#flushSoon();
    }
  }

  // Scores

  async submit(score, { key, board, season, include, signal, ...fields }) {
    const body = scoreBody(score, fields);
    const headers = { 'Idempotency-Key': fields.ticket ?? key ?? newKey() };
    const path = `/submit${queryString({ board, season, include })}`;
    return this.#retried(() => this.#submitted(path, { body, headers, signal }), signal);
  }

  submitBatch(scores, { board, season, include, signal } = {}) {
    const body = scores.map(({ score, idempotencyKey, ...fields }) => ({
      ...scoreBody(score, fields),
      ...(fields.ticket ? {} : { idempotency_key: idempotencyKey ?? newKey() }),
    }));
    return this.#call('POST', `/submit/batch${queryString({ board, season, include })}`, { body, signal });
  }

  async submitLater(score, { key, board, season, ...fields }) {
    const queued = {
      key: fields.ticket ?? key ?? newKey(),
      score: scoreBody(score, { ...fields, playedAt: fields.playedAt ?? new Date() }),
      query: given({ board, season }),
      stamped: !fields.playedAt,
      sent_at: null,
    };
    await this.#offline().add(queued);
    if (this.#autoFlush) this.#flushSoon();
    return queued.key;
  }

  flush() {
    const flushed = this.#flushing.then(() => this.#flush(this.#offline()));
    this.#flushing = flushed.catch(() => {});
    return flushed;
  }

  queued() {
    return this.#offline().size();
  }

  startPlay({ player, gameMode, board, signal }) {
    return this.#call('POST', '/plays', {
      body: { ...named(player), ...given({ game_mode: gameMode, board }) },
      signal,
    });
  }

  // Standings

  top({ limit = 10, signal, ...query } = {}) {
    return this.get('/top', { limit, ...query }, { signal });
  }

  rank(player, { signal, ...query } = {}) {
    return this.get(`/rank/${inPath(player)}`, query, { signal });
  }

  around(player, { span = 5, signal, ...query } = {}) {
    return this.get(`/around/${inPath(player)}`, { span, ...query }, { signal });
  }

  ranks(players, { signal, ...query } = {}) {
    return this.get('/ranks', { players, ...query }, { signal });
  }

  rankOf(score, { signal, ...query } = {}) {
    return this.get('/rank-of', { score, ...query }, { signal });
  }

  history(player, { signal, ...query } = {}) {
    return this.get(`/players/${inPath(player)}/history`, query, { signal });
  }

  stream({ top = 10, signal, ...query } = {}) {
    return streamed(this.#connection, `/stream${queryString({ top, ...query })}`, signal);
  }

  // Boards and seasons

  boards({ signal } = {}) {
    return this.get('/boards', {}, { signal });
  }

  seasons({ signal, ...query }) {
    return this.get('/seasons', query, { signal });
  }

  splits({ signal, ...query }) {
    return this.get('/splits', query, { signal });
  }

  // Players

  player(player, { signal } = {}) {
    return this.get(`/players/${inPath(player)}`, {}, { signal });
  }

  findPlayers(name, { limit = 20, signal } = {}) {
    return this.get('/players', { name, limit }, { signal });
  }

  playerSeasons(player, { signal, ...query }) {
    return this.get(`/players/${inPath(player)}/seasons`, query, { signal });
  }

  changePlayer(player, { username, attributes, signal }) {
    return this.#call('PATCH', `/players/${inPath(player)}`, { body: given({ username, attributes }), signal });
  }

  async link(player, externalId, { signal } = {}) {
    await this.#connection.attempt('POST', `/players/${inPath(player)}/ids`, { body: { player: externalId }, signal });
  }

  async unlink(player, externalId, { signal } = {}) {
    await this.#connection.attempt('DELETE', `/players/${inPath(player)}/ids/${inPath(externalId)}`, { signal });
  }

  // Everything else

  get(path, query = {}, { signal } = {}) {
    return this.#call('GET', path + queryString(query), { signal });
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('online', this.#flushSoon);
  }

  #call(method, path, options) {
    return this.#retried(() => this.#connection.attempt(method, path, options), options.signal);
  }

  #retried(attempt, signal) {
    return retried(attempt, this.#patience, signal);
  }

  async #submitted(path, options) {
    const answer = await this.#connection.attempt('POST', path, options);
    if (answer?.total_score === undefined) {
      throw new Unreachable('got JSON that is no answer of the leaderboard service: check the address', {
        canRetry: false,
      });
    }
    return answer;
  }

  #offline() {
    if (!this.#queue)
      throw new TypeError('there is no offline queue: give the client one, as queue: new BrowserQueue()');
    return this.#queue;
  }

  /** Flushes now or when the service wants it, and again in half a minute if scores are left. */
  #flushSoon = async () => {
    if (this.#isDue || this.#closed || performance.now() < this.#notBefore) return;
    this.#isDue = true;
    await this.#flushing;
    this.#isDue = false;
    let left = 1;
    let seconds = 30;
    try {
      const flushed = await this.flush();
      left = flushed.left;
      seconds = Math.max(seconds, flushed.error?.retryAfter ?? 0);
      this.#notBefore = performance.now() + (flushed.error?.retryAfter ?? 0) * 1000;
    } catch (error) {
      this.#onFlushError(error);
    }
    clearTimeout(this.#timer);
    if (!left || this.#closed) return;
    this.#timer = setTimeout(this.#flushSoon, seconds * 1000);
    this.#timer.unref?.(); // Node need not stay for it
  };

  async #flush(queue) {
    const refused = [];
    const waitingPlayers = new Set();
    let sent = 0;
    let stoppedBy = null;
    const refuse = async (score, error) => {
      refused.push({ score, error });
      // First, so that a crash here reports it twice rather than never.
      await this.#onRefused({ score, error });
      await queue.remove(score);
    };
    for (const score of await queue.list()) {
      const player = score.score?.user_id ?? score.score?.player;
      if (score.unreadable) {
        await refuse(score, new LeaderboardError(score.unreadable));
        continue;
      }
      if (waitingPlayers.has(player)) continue;
      try {
        await this.#send(queue, score);
        sent++;
      } catch (error) {
        if (isRefusedForGood(error) || error === TOO_OLD) await refuse(score, error);
        else if (error instanceof Unreachable || error.canRetry) {
          stoppedBy = error;
          break;
        } else if (!concernsTheScore(error)) throw error;
        else if (error.code === 'too_many_submissions') waitingPlayers.add(player);
      }
    }
    return { sent, refused, left: await queue.size(), error: stoppedBy };
  }

  /** Sends a score until there is an answer, and takes it out of the queue if it counted. */
  async #send(queue, score) {
    const attempt = async () => {
      const wasSent = score.sent_at !== null;
      if (!wasSent) await queue.write((score = { ...score, sent_at: new Date().toISOString() }));
      try {
        await this.#submitted(`/submit${queryString(score.query)}`, {
          body: score.score,
          headers: { 'Idempotency-Key': score.key },
        });
      } catch (error) {
        if (!wasSent && !error.mayHaveCounted) await queue.write((score = { ...score, sent_at: null }));
        throw error;
      }
    };
    if (score.sent_at !== null && Date.now() - Date.parse(score.sent_at) > KEY_LIFETIME_MS) throw TOO_OLD;
    try {
      await this.#retried(attempt);
    } catch (error) {
      if (!score.stamped || error.code !== 'invalid_played_at') throw error;
      // The clock of this device is wrong: the score counts now.
      const { played_at: _, ...untimed } = score.score;
      await queue.write((score = { ...score, score: untimed, stamped: false }));
      await this.#retried(attempt);
    }
    await queue.remove(score);
  }
}

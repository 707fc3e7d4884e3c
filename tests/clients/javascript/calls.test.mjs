/** Every call of the JavaScript client, its retries and its errors. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, Client, Unreachable } from '../../../clients/javascript/client.js';
import { counted, error, GATEWAY, mockedWaits, newPlayer, next, NOWHERE, seen, SERVICE } from './support.mjs';

const STEAM = 'steam:76561198000000000/ü?';

test('scores and standings', async () => {
  const client = new Client(`${SERVICE}/`);
  const first = await client.submit(500, { player: 7, username: 'ada', gameMode: 'solo', metadata: { level: 3 } });
  assert.deepEqual([first.total_score, first.duplicate, first.username], [500, false, 'ada']);
  const options = { player: STEAM, key: 'match-1' };
  const second = await client.submit(900, { ...options, include: ['rank', 'boards'] });
  assert.deepEqual([second.player, second.rank, second.boards?.[0]?.board], [STEAM, 1, 'overall']);
  assert.ok((await client.submit(900, options)).duplicate);
  const outcomes = await client.submitBatch([
    { player: 8, score: 1 },
    { player: 9, score: -1 },
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['accepted', 'rejected'],
  );

  const totals = (/** @type {{ total_score: number }[]} */ rows) => rows.map((row) => row.total_score);
  assert.deepEqual(totals(await client.top({ limit: 2 })), [900, 500]);
  assert.deepEqual(totals(await client.top({ limit: 1, place: 'last' })), [1]);
  assert.equal((await client.top({ limit: 1, include: ['player', 'attributes'] }))[0]?.player, STEAM);
  assert.equal((await client.rank(STEAM)).rank, 1);
  assert.deepEqual(totals(await client.around(8, { span: 1 })), [500, 1]);
  assert.deepEqual(totals(await client.ranks([8, STEAM, 7, 99])), [900, 500, 1]);
  assert.equal((await client.rankOf(600)).rank, 2);
  assert.deepEqual(await client.get('/threshold', { place: 1 }), { total_score: 900, place: 1, players: 3 });
});

test('windows and the past', async () => {
  const client = new Client(SERVICE);
  const player = newPlayer();
  const before = new Date();
  await client.submit(40, { player });
  await client.submit(2, { player });
  const [row] = (await client.top({ from: before, limit: 1000, include: ['player'] })).filter(
    (found) => found.player === player,
  );
  assert.equal(row?.total_score, 42);
  assert.equal((await client.rank(player, { at: new Date() })).total_score, 42);
  assert.equal((await client.history(player, { from: before })).at(-1)?.total_score, 42);
  await assert.rejects(client.rank(player, { at: new Date(Date.now() - 60 * 86_400_000) }), {
    code: 'invalid_parameter',
  });
});

test('seasons and splits', async () => {
  const client = new Client(SERVICE);
  await client.changePlayer(7, { attributes: { country: 'DE' } });
  await client.submit(5, { player: 7, board: 'cup' });
  assert.equal((await client.top({ board: 'cup', split: 'DE', season: 'current' }))[0]?.username, 'ada');
  assert.deepEqual(await client.splits({ board: 'cup' }), [{ split: 'DE', players: 1 }]);
  assert.deepEqual(await client.top({ board: 'cup', season: 1 }), []);
  assert.deepEqual(
    (await client.seasons({ board: 'cup' })).seasons.map((season) => season.season),
    [2, 1],
  );
  assert.equal((await client.playerSeasons(7, { board: 'cup' }))[0]?.total_score, 505);
  assert.ok((await client.boards()).some((board) => board.board === 'cup'));
  await assert.rejects(client.top({ board: 'cup', season: 9 }), { status: 404, code: 'unknown_season' });
});

test('players', async () => {
  const client = new Client(SERVICE);
  const player = newPlayer();
  await client.submit(5, { player, username: 'grace' });
  await client.link(player, `${player}/2`);
  assert.equal((await client.player(`${player}/2`)).username, 'grace');
  await client.unlink(player, `${player}/2`);
  await assert.rejects(client.player(`${player}/2`), { code: 'unknown_player' });
  assert.deepEqual(
    (await client.findPlayers('GRA')).map((found) => found.player),
    [player],
  );
});

test('plays', async () => {
  const client = new Client(SERVICE);
  const player = newPlayer();
  const { ticket } = await client.startPlay({ player });
  assert.equal((await client.submit(10, { player, ticket })).duplicate, false);
  assert.equal((await client.submit(10, { player, ticket })).duplicate, true);
});

for (const trouble of ['lose', 'cut', [502, {}, '<h1>Bad Gateway</h1>'], error(503, 'outcome_unknown')]) {
  test(`a retry counts once: ${trouble}`, async () => {
    const player = newPlayer();
    await next(trouble, trouble);
    const answer = await new Client(GATEWAY).submit(500, { player });
    assert.deepEqual(await counted(player), [500]);
    assert.equal(answer.duplicate, trouble === 'lose');
    const keys = (await seen()).map(([, , key]) => key);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
    assert.match(keys[0] ?? '', /^[0-9a-f]{32}$/);
  });
}

test('a batch that lost its answer counts once', async () => {
  const player = newPlayer();
  await next('lose');
  const outcomes = await new Client(GATEWAY).submitBatch([
    { player, score: 1 },
    { player, score: 2, idempotencyKey: 'own' },
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['duplicate', 'duplicate'],
  );
  assert.deepEqual(await counted(player), [1, 2]);
});

test('Retry-After is honoured, in seconds and as a date', async (t) => {
  const waits = mockedWaits(t);
  const inEightSeconds = new Date(Date.now() + 8000).toUTCString();
  for (const header of ['8', inEightSeconds]) {
    await next(error(503, 'overloaded', { 'Retry-After': header }));
    await new Client(GATEWAY).submit(1, { player: newPlayer() });
  }
  assert.equal(waits.length, 2);
  for (const wait of waits) assert.ok(wait > 5000 && wait < 8600, String(wait));
});

test('a wait beyond the patience fails at once', async (t) => {
  const waits = mockedWaits(t);
  await next(error(429, 'rate_limited', { 'Retry-After': '3600' }));
  await assert.rejects(new Client(GATEWAY).submit(1, { player: newPlayer() }), { status: 429, retryAfter: 3600 });
  assert.deepEqual(waits, []);
});

test('a call can be cancelled, also while it waits', async () => {
  await next('cut', 'cut', 'cut', 'cut', 'cut', 'cut');
  const cancelled = AbortSignal.timeout(300);
  await assert.rejects(new Client(GATEWAY).submit(1, { player: newPlayer(), signal: cancelled }), {
    name: 'TimeoutError',
  });
  await next(); // what is left of the troubles is used up
  for (let left = 6 - (await seen()).length; left > 0; left--) await fetch(GATEWAY).catch(() => {});
});

test('an answer of something else is no answer', async () => {
  const client = new Client(GATEWAY);
  await next(
    [200, { 'Content-Type': 'text/html' }, '<h1>Welcome to our hotel</h1>'],
    [200, { 'Content-Type': 'application/json' }, '{"hello": 1}'],
  );
  const submit = () => client.submit(1, { player: newPlayer() });
  await assert.rejects(submit(), { name: 'Unreachable', message: /got 200 with text\/html.*check the address/ });
  await assert.rejects(submit(), { name: 'Unreachable', message: /no answer of the leaderboard service/ });
});

test('errors say what to do', async () => {
  const refused = await new Client(SERVICE).submit(-1, { player: newPlayer() }).catch((reason) => reason);
  assert.ok(refused instanceof ApiError);
  assert.deepEqual([refused.status, refused.code, refused.canRetry], [422, 'score_out_of_bounds', false]);
  assert.match(refused.message, /0 to 2147483647.*\(request .+\)$/);
  const nothing = await new Client(NOWHERE, { patience: 0 }).top().catch((reason) => reason);
  assert.ok(nothing instanceof Unreachable);
  assert.match(nothing.message, /no answer from http.*ECONNREFUSED/);
  assert.equal(nothing.mayHaveCounted, false);
  assert.throws(() => new Client('scores.example'), /must begin with http/);
  assert.throws(() => new Client(SERVICE).queued(), /there is no offline queue/);
});

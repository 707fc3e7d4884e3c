/** The streams of the JavaScript client: states as they change, over connections that break. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Client } from '../../../clients/javascript/client.js';
import { error, GATEWAY, mockedWaits, newPlayer, next, SERVICE } from './support.mjs';

/** Breaks the streams that are open. @returns {Promise<(string | null)[]>} the Last-Event-ID of each so far */
const cutStreams = async () => (await fetch(`${GATEWAY}/gateway`, { method: 'DELETE' })).json();

test('states come as they change, and break ends the stream', async () => {
  const client = new Client(SERVICE);
  const player = newPlayer();
  await client.submit(5, { player, username: 'ada' });
  let states = 0;
  for await (const { board, top, players } of client.stream({ top: 1, players: [player, 99], include: ['player'] })) {
    assert.equal(board, 'overall');
    assert.equal(top.length, 1);
    assert.deepEqual(
      players.map((row) => [row.player, row.username, row.total_score]),
      [[player, 'ada', states ? 12 : 5]],
    );
    if (states++) break;
    await client.submit(7, { player });
  }
  assert.equal(states, 2);
});

test('a broken connection is made anew and shows no state twice', async (t) => {
  mockedWaits(t);
  const player = newPlayer();
  const client = new Client(GATEWAY);
  await client.submit(1, { player });
  const states = client.stream({ top: 0, players: [player] });
  assert.equal((await states.next()).value?.players[0]?.total_score, 1);
  const before = (await cutStreams()).length;
  await next('cut', error(503, 'too_many_streams', { 'Retry-After': '1' }), [502, {}, '<h1>Bad Gateway</h1>']);
  const following = states.next();
  while ((await cutStreams()).length === before) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Client(SERVICE).submit(1, { player });
  assert.equal((await following).value?.players[0]?.total_score, 2);
  assert.notEqual((await cutStreams())[before], null);
  await states.return();
});

test('an event that is cut off is asked for again', async () => {
  /** @type {(string | undefined)[]} */
  const asked = [];
  const event = (/** @type {number} */ n) => `retry: 1\nevent: standings\nid: ${n}\ndata: {"season":${n}`;
  const server = createServer((request, response) => {
    asked.push(/** @type {string | undefined} */ (request.headers['last-event-id']));
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    if (asked.length === 2) response.end(event(2));
    else response.end(`${event(asked.length)}}\n\n`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const states = new Client(`http://127.0.0.1:${port}`).stream();
  assert.equal((await states.next()).value?.season, 1);
  assert.equal((await states.next()).value?.season, 3);
  assert.deepEqual(asked, [undefined, '1', '1']);
  await states.return();
  server.close();
});

test('what is final ends the stream', async () => {
  await assert.rejects(new Client(SERVICE).stream({ board: 'nowhere' }).next(), { status: 404, code: 'unknown_board' });
  await next([200, { 'Content-Type': 'text/html' }, '<h1>Welcome to our hotel</h1>']);
  await assert.rejects(new Client(GATEWAY).stream().next(), /no answer of the leaderboard service/);
});

test('a signal ends the stream, also while it waits for a connection', async () => {
  const stop = new AbortController();
  const states = new Client(SERVICE).stream({ top: 0, signal: stop.signal });
  await states.next();
  const last = states.next();
  stop.abort();
  assert.equal((await last).done, true);
  await next('cut', 'cut', 'cut', 'cut');
  const waiting = new Client(GATEWAY).stream({ signal: AbortSignal.timeout(200) });
  assert.equal((await waiting.next()).done, true);
});

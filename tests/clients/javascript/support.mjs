/** What the tests of the JavaScript client share. Python's test_javascript.py starts the service and these tests. */

import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../../clients/javascript/client.js';

/** The service, and a gateway in front of it that does what it is told. */
export const SERVICE = process.env['SERVICE'] ?? '';
export const GATEWAY = process.env['GATEWAY'] ?? '';
/** Nothing listens there. */
export const NOWHERE = process.env['NOWHERE'] ?? '';

let players = 0;

/** A player of which no other test knows. */
export const newPlayer = () => `test:${process.pid}-${++players}`;

/**
 * What happens to the next requests, as tests/support/gateway.py describes it.
 * @param {...unknown} behaviours
 */
export async function next(...behaviours) {
  await fetch(`${GATEWAY}/gateway`, { method: 'POST', body: JSON.stringify(behaviours) });
}

/**
 * Method, path and Idempotency-Key of the requests since `next`.
 * @returns {Promise<[string, string, string | null][]>}
 */
export async function seen() {
  return (await fetch(`${GATEWAY}/gateway`)).json();
}

/**
 * An answer of the gateway in the shape of the service's errors.
 * @param {number} status
 * @param {string} code
 * @param {Record<string, string>} [headers]
 */
export const error = (status, code, headers = {}) => [
  status,
  { 'Content-Type': 'application/json', ...headers },
  JSON.stringify({ error: { code, message: 'as the test says' } }),
];

/** @param {string} player */
export async function counted(player) {
  /** @type {any} */
  const sessions = await new Client(SERVICE).get(`/players/${player}/sessions`);
  return sessions.map((/** @type {{ score: number }} */ session) => session.score).reverse();
}

export const newFolder = async () => join(await mkdtemp(join(tmpdir(), 'queue-')), 'scores');

/** @param {string} folder */
export async function files(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
}

/**
 * The waits of the client, which take no time.
 * @param {import('node:test').TestContext} t
 * @returns {number[]}
 */
export function mockedWaits(t) {
  /** @type {number[]} */
  const waits = [];
  const original = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ callback, /** @type {number} */ delay) => {
    const isOurs = delay < 20_000 && new Error().stack?.includes('javascript/client.js');
    if (isOurs) waits.push(delay);
    return original(callback, isOurs ? 0 : delay);
  });
  return waits;
}

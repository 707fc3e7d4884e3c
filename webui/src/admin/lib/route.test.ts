import { describe, expect, it } from 'vitest';
import { hrefOf, navigate, parseRoute } from './route';

describe('addresses of the console', () => {
  it.each([
    ['/admin', { section: '', item: null }],
    ['/admin/', { section: '', item: null }],
    ['/admin/players', { section: 'players', item: null }],
    ['/admin/players/7', { section: 'players', item: '7' }],
    ['/admin/players/epic%2Fada%20l', { section: 'players', item: 'epic/ada l' }],
    ['/admin/players/100%', { section: 'players', item: '100%' }],
    ['/admin/rejected?board=a%26b', { section: 'rejected', item: null }],
  ])('reads %s', (address, route) => {
    expect(parseRoute(address)).toMatchObject(route);
  });

  it('reads parameters', () => {
    expect(parseRoute('/admin/rejected?board=a%26b').query.get('board')).toBe('a&b');
  });

  it.each([
    [['boards'], '/admin/boards'],
    [[''], '/admin'],
    [['players', 7], '/admin/players/7'],
    [['players', 'epic/ada l'], '/admin/players/epic%2Fada%20l'],
    [['players', null, { find: 'a&b', more: '' }], '/admin/players?find=a%26b'],
  ] as const)('writes %j', (parts, href) => {
    expect(hrefOf(...(parts as unknown as Parameters<typeof hrefOf>))).toBe(href);
  });

  it('adds to the history only what is another place', () => {
    navigate('/admin/boards');
    const { length } = window.history;
    navigate('/admin/boards');
    expect(window.history).toHaveLength(length);
    navigate('/admin/keys');
    expect(window.location.pathname).toBe('/admin/keys');
  });
});

import type { RefObject } from 'react';
import { useLayoutEffect, useRef } from 'react';

const DURATION_MS = 600;
/** More rows than a screen shows are not worth measuring. */
const MAX_ROWS = 120;

/** Moves the rows of a table from where they were to where they are, unless the visitor prefers reduced motion. */
export function useRowMotion(table: RefObject<HTMLElement | null>, rows: unknown): void {
  const tops = useRef(new Map<string, number>());

  useLayoutEffect(() => {
    const before = tops.current;
    const after = new Map<string, number>();
    const moved: [HTMLElement, number][] = [];
    const all = table.current?.querySelectorAll<HTMLElement>('tr[data-player]') ?? [];
    if (all.length <= MAX_ROWS) {
      for (const row of all) {
        const id = row.dataset.player ?? '';
        after.set(id, row.offsetTop);
        const distance = (before.get(id) ?? row.offsetTop) - row.offsetTop;
        if (distance !== 0) moved.push([row, distance]);
      }
    }
    tops.current = after;
    if (moved.length === 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const [row, distance] of moved) {
      // Those who rise pass in front of those who fall.
      row.animate(
        [
          { transform: `translateY(${distance}px)`, position: 'relative', zIndex: distance > 0 ? 1 : 0 },
          { transform: 'none', position: 'relative', zIndex: distance > 0 ? 1 : 0 },
        ],
        { duration: DURATION_MS, easing: 'cubic-bezier(0.22, 1, 0.36, 1)' },
      );
    }
  }, [table, rows]);
}

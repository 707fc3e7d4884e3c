import type { Key } from 'react';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => React.ReactNode;
  /** number: aligned to the right; wide: takes the width that is left; actions: buttons. */
  kind?: 'number' | 'wide' | 'actions';
}

interface Props<Row> {
  /** What the rows are, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => Key;
  /** Marks a row. */
  classOf?: (row: Row) => string | undefined;
}

/**
 * A table. On narrow screens each row becomes a card, with the titles of the columns beside the values. The roles are
 * written out, because browsers drop those of a table that is not displayed as one.
 */
export function Table<Row>({ caption, columns, rows, keyOf, classOf }: Props<Row>) {
  return (
    <table className="data-table" role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, kind }) => (
            <th key={title} scope="col" role="columnheader" className={kind}>
              {kind === 'actions' ? <span className="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" data-row={keyOf(row)} className={classOf?.(row)}>
            {columns.map(({ title, cell, kind }) => (
              <td key={title} role="cell" className={kind} data-title={kind === 'actions' ? undefined : title}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

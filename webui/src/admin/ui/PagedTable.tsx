import type { Key } from 'react';
import { plural } from '../../lib/format';
import { announce } from '../../ui/LiveRegion';
import type { Paged } from '../api/paged';
import { Empty, Loaded } from './Loaded';
import type { Column } from './Table';
import { Table } from './Table';

interface Props<Row> {
  paged: Paged<Row>;
  /** What the rows are, such as "Acts". */
  what: string;
  /** One row, such as "act". */
  one: string;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => Key;
  classOf?: (row: Row) => string | undefined;
  /** Which of the loaded rows to show. */
  filter?: (row: Row) => boolean;
  empty: React.ReactNode;
}

/** A list that is loaded page by page. */
export function PagedTable<Row>({ paged, what, one, columns, keyOf, classOf, filter, empty }: Props<Row>) {
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = paged;
  async function showMore() {
    const { data, isError } = await fetchNextPage();
    if (isError) return;
    announce(`${plural(data?.pages.reduce((count, page) => count + page.rows.length, 0) ?? 0, one)} shown.`);
  }
  return (
    <Loaded query={{ ...paged, data: rows }} what={what}>
      {(all) => {
        const shown = filter ? all.filter(filter) : all;
        return (
          <>
            {shown.length > 0 ? (
              <Table
                caption={what}
                columns={columns}
                rows={shown}
                keyOf={keyOf}
                {...(classOf === undefined ? {} : { classOf })}
              />
            ) : all.length > 0 ? (
              <Empty title={`None of the ${plural(all.length, one)} loaded is of this kind`} />
            ) : (
              empty
            )}
            {hasNextPage && (
              <div className="list-end">
                <button
                  type="button"
                  className="btn btn-outline-primary"
                  disabled={isFetchingNextPage}
                  onClick={() => void showMore()}
                >
                  {isFetchingNextPage ? 'Loading\u2026' : 'Show older'}
                </button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

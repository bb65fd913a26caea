/** One page of a list: on its way, empty, or its rows with the way to the next page. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Pager } from "./data-table";
import { Loaded } from "./faces";

type PageOf<Row> = {
  items: Row[];
  next_cursor?: string | null;
  prev_cursor?: string | null;
  total?: number | null;
  total_is_capped?: boolean;
};

type Props<Row> = {
  query: UseQueryResult<PageOf<Row>>;
  empty: ReactNode;
  onCursor: (cursor: string | undefined) => void;
  children: (rows: Row[]) => ReactNode;
};

export function Paged<Row>({ query, empty, onCursor, children }: Props<Row>) {
  return (
    <Loaded query={query}>
      {(page) =>
        page.items.length ? (
          <>
            {children(page.items)}
            <Pager
              nextCursor={page.next_cursor}
              previousCursor={page.prev_cursor}
              total={page.total}
              totalIsCapped={page.total_is_capped}
              onCursor={onCursor}
            />
          </>
        ) : (
          empty
        )
      }
    </Loaded>
  );
}

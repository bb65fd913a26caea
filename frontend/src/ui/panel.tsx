/** A card of the page: title, a note beside it, one link or act at its end. Rows inside are `PanelRow`s divided by a line. */
import { Box, type BoxProps } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

type Props = BoxProps & {
  title?: ReactNode;
  note?: ReactNode;
  count?: ReactNode;
  more?: ReactNode;
  highlighted?: boolean;
  children?: ReactNode;
  "aria-label"?: string;
};

export function Panel({ title, note, count, more, highlighted, children, className, ...box }: Props) {
  return (
    <Box component="section" className={`${classes.panel} ${className ?? ""}`} data-highlighted={highlighted || undefined} {...box}>
      {title !== undefined && (
        <div className={classes.head}>
          <h2 className={classes.title}>{title}</h2>
          {count !== undefined && <span className={classes.count}>{count}</span>}
          {note !== undefined && <span className={classes.note}>{note}</span>}
          {more !== undefined && <div className={classes.more}>{more}</div>}
        </div>
      )}
      {children}
    </Box>
  );
}

export function PanelBody({ children, ...box }: BoxProps & { children: ReactNode }) {
  return (
    <Box px="lg" pb="md" {...box}>
      {children}
    </Box>
  );
}

export function PanelRow({ children, className, ...box }: BoxProps & { children: ReactNode }) {
  return (
    <Box className={`${classes.row} ${className ?? ""}`} {...box}>
      {children}
    </Box>
  );
}

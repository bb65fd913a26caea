/** The first heading of a page: a sentence or a name. It takes the focus after a change of place and names the document, without people. */
import { Box, Group } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import classes from "./page-header.module.css";

type Props = {
  /** Names the document: a place, never a person. */
  documentTitle: string;
  title: ReactNode;
  eyebrow?: ReactNode;
  subtitle?: ReactNode;
  /** Small facts on the line of the title. */
  beside?: ReactNode;
  leading?: ReactNode;
  actions?: ReactNode;
};

export function PageHeader({ documentTitle, title, eyebrow, subtitle, beside, leading, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · Ritorno`;
    heading.current?.focus({ preventScroll: true });
  }, [documentTitle]);
  return (
    <header className={classes.header}>
      {leading}
      <Box className={classes.words}>
        {eyebrow && <div className={classes.eyebrow}>{eyebrow}</div>}
        <Group gap={10} wrap="wrap" align="center">
          <h1 ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </h1>
          {beside}
        </Group>
        {subtitle && <div className={classes.subtitle}>{subtitle}</div>}
      </Box>
      {actions && <Group gap="sm" className={`${classes.actions} no-print`}>{actions}</Group>}
    </header>
  );
}

/** A quiet fact beside a name: an age band, a card number. */
export function Fact({ children, icon }: { children: ReactNode; icon?: ReactNode }) {
  return (
    <span className={classes.fact}>
      {icon}
      {children}
    </span>
  );
}

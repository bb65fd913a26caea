import { Kbd, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./search.module.css";

/** Looks like a field and opens the palette, where people come first. */
export function SearchField({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation("search");
  return (
    <UnstyledButton className={classes.field} onClick={onOpen} aria-keyshortcuts="/ Control+K">
      <IconSearch size={16} stroke={1.75} aria-hidden />
      <span>{t("field")}</span>
      <Kbd size="xs">/</Kbd>
    </UnstyledButton>
  );
}

/** The gate's answer in icon, word and shape. "Said no" and "never asked" never look alike: one closes a door, the other is a question. */
import {
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconClockPause,
  IconEye,
  IconTool,
  type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./permission-badge.module.css";

export type Family = "allowed" | "said_no" | "to_fix" | "not_asked" | "later" | "review";

const icons: Record<Family, Icon> = {
  allowed: IconCircleCheck,
  said_no: IconBan,
  to_fix: IconTool,
  not_asked: IconCircleDashed,
  later: IconClockPause,
  review: IconEye,
};

type Props = {
  family: Family | (string & {});
  /** Replaces the family's own word, e.g. the channel that is allowed. */
  word?: string;
  /** Moment from which a deferred message may go, already in words. */
  when?: string | null;
  /** What screen readers hear instead of the word alone: "Email, offerte: no, ha detto no". */
  label?: string;
};

export function PermissionBadge({ family, word, when, label }: Props) {
  const { t } = useTranslation();
  const known: Family = family in icons ? (family as Family) : "review";
  const Icon = icons[known];
  const text = word ?? (known === "later" && when ? t("family.later_from", { when }) : t(`family.${known}`));
  return (
    <span className={classes.badge} data-family={known}>
      <Icon size={14} stroke={2} aria-hidden />
      <span aria-hidden={label ? true : undefined}>{text}</span>
      {label && <span className="visually-hidden">{label}</span>}
    </span>
  );
}

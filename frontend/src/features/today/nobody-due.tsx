import { IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import classes from "./today.module.css";

/** A quiet day still says when the next people are expected. */
export function NobodyDue({ nextDays }: { nextDays: { on: string; count: number }[] }) {
  const { t } = useTranslation("today");
  const formats = useFormats();
  const next = nextDays.find((day) => day.count > 0);
  const most = Math.max(...nextDays.map((day) => day.count), 1);
  return (
    <EmptyFace
      icon={<IconSun size={28} stroke={1.5} />}
      title={next ? t("empty_next", { day: formats.relativeDay(next.on) }) : t("empty")}
      action={
        next && (
          <ol className={classes.week}>
            {nextDays.slice(0, 7).map((day) => (
              <li key={day.on}>
                <i style={{ width: 6 + (day.count / most) * 18, height: 6 + (day.count / most) * 18 }} data-none={day.count === 0 || undefined} />
                <b>{formats.number(day.count)}</b>
                <span>{formats.day(day.on)}</span>
              </li>
            ))}
          </ol>
        )
      }
    />
  );
}

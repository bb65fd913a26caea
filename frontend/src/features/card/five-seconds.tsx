import { IconCalendarDue, IconCoinEuro, IconMessageCircle, IconReceipt, IconShoppingBag, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { daysBetween, useFormats } from "@/lib/formats";
import classes from "./card.module.css";
import type { Card } from "./queries";

/** Due, last seen, worth, whole story, last words. */
export function FiveSeconds({ card }: { card: Card }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { profile, score, last_note: note } = card;
  const last = profile?.last_purchase_on;
  return (
    <div className={classes.strip}>
      <Due card={card} />
      <Figure icon={IconReceipt} label={t("last_visit")} value={last ? formats.day(last, "long") : t("never")}>
        {last &&
          [
            formats.daysSince(last) > 7 ? t("days_ago", { count: formats.daysSince(last) }) : formats.relativeDay(last),
            profile?.last_amount && formats.money(profile.last_amount),
          ]
            .filter(Boolean)
            .join(" · ")}
      </Figure>
      <Figure icon={IconCoinEuro} label={t("in_a_year")} value={profile ? formats.money(profile.revenue_12m) : "–"}>
        {profile && t("visits", { count: profile.visits_12m })}
      </Figure>
      <Figure icon={IconShoppingBag} label={t("in_all")} value={profile ? formats.money(profile.revenue) : "–"}>
        {profile?.mean_basket
          ? t("mean_basket", { money: formats.money(profile.mean_basket) })
          : profile && t("visits", { count: profile.visit_days })}
      </Figure>
      <Figure icon={IconMessageCircle} label={t("last_words")} value={note ? `«${note.body}»` : t("no_words")} isWords>
        {note && `${note.author_name}, ${formats.relativeDay(note.created_at)}`}
        {!note && score && t("no_words_detail")}
      </Figure>
    </div>
  );
}

function Due({ card }: { card: Card }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { score, profile } = card;
  if (!score) {
    return (
      <Figure icon={IconCalendarDue} label={t("expected")} value={profile ? t("no_rhythm") : t("first_visit")}>
        {profile ? t("no_rhythm_detail") : t("first_visit_detail")}
      </Figure>
    );
  }
  const late = daysBetween(score.due_on, formats.today());
  const of = score.due_category_name ?? t("whole_shop");
  const isLost = score.stage === "lost";
  return (
    <Figure
      icon={IconCalendarDue}
      label={late > 0 ? t("was_due") : t("expected")}
      value={isLost ? t("probably_lost") : late > 0 ? t("since_days", { count: late }) : formats.relativeDay(score.due_on)}
      isDue={!isLost && late >= 0}
    >
      {t("between", { what: of, from: formats.day(score.likely_from), to: formats.day(score.likely_to) })}
    </Figure>
  );
}

type FigureProps = { icon: Icon; label: string; value: string; children?: ReactNode; isDue?: boolean; isWords?: boolean };

function Figure({ icon: Drawn, label, value, children, isDue, isWords }: FigureProps) {
  return (
    <div className={classes.figure} data-due={isDue || undefined}>
      <div className={classes.figureLabel}>
        <Drawn size={14} stroke={1.75} aria-hidden /> {label}
      </div>
      <div className={classes.figureValue} data-words={isWords || undefined} title={isWords ? value : undefined}>
        {value}
      </div>
      <div className={classes.figureNote}>{children}</div>
    </div>
  );
}

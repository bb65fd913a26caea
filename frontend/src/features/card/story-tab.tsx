/** One stream of everything that happened, refused messages included with their reason. */
import { Button, SegmentedControl, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconMail,
  IconMessageCircle,
  IconNote,
  IconShoppingBag,
  type Icon,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Why } from "@/ui/why";
import classes from "./card.module.css";
import { storyOptions, type StoryEntry, type StoryKind } from "./queries";

const kinds: StoryKind[] = ["all", "purchases", "messages", "notes", "consents"];

export function StoryTab({ customerId }: { customerId: string }) {
  const { t } = useTranslation("card");
  const [kind, setKind] = useState<StoryKind>("all");
  const story = useInfiniteQuery(storyOptions(customerId, kind));
  return (
    <>
      <div className={classes.filters}>
        <SegmentedControl
          value={kind}
          onChange={(value) => setKind(value as StoryKind)}
          data={kinds.map((value) => ({ value, label: t(`story.${value}`) }))}
          aria-label={t("tab.story")}
        />
      </div>
      <Loaded query={story}>
        {(pages) => {
          const entries = pages.pages.flatMap((page) => page.items);
          if (entries.length === 0) return <EmptyFace title={t(`story_empty.${kind}`)} />;
          return (
            <ol className={classes.story}>
              {entries.map((entry) => (
                <Entry key={`${entry.kind}-${entry.subject_id}`} entry={entry} />
              ))}
            </ol>
          );
        }}
      </Loaded>
      {story.hasNextPage && (
        <div className={classes.older}>
          <Button variant="subtle" onClick={() => void story.fetchNextPage()} loading={story.isFetchingNextPage}>
            {t("older")}
          </Button>
        </div>
      )}
    </>
  );
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const refusing = new Set(["DENY", "WITHDRAW", "OBJECT", "INVALIDATE", "EXPIRE"]);
const unsent = new Set(["skipped", "failed", "bounced", "cancelled", "unknown"]);

function iconOf(entry: StoryEntry): Icon {
  switch (entry.kind) {
    case "purchase":
      return IconShoppingBag;
    case "return":
      return IconArrowBackUp;
    case "note":
      return IconNote;
    case "consent":
      return refusing.has(entry.status ?? "") ? IconBan : IconCircleCheck;
    case "message":
      return unsent.has(entry.status ?? "") ? IconBan : IconMail;
    default:
      return IconMessageCircle;
  }
}

function Entry({ entry }: { entry: StoryEntry }) {
  const formats = useFormats();
  const Drawn = iconOf(entry);
  return (
    <li className={classes.entry}>
      <span className={classes.entryIcon}>
        <Drawn size={16} stroke={1.75} aria-hidden />
      </span>
      <div className={classes.entryWords}>
        <EntryTitle entry={entry} />
        <Text size="xs" c="dimmed" title={formats.full(entry.at)}>
          <EntryDetail entry={entry} />
        </Text>
      </div>
      <EntryEnd entry={entry} />
    </li>
  );
}

function EntryTitle({ entry }: { entry: StoryEntry }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const { t: tm } = useTranslation("messages");
  const { detail } = entry;
  switch (entry.kind) {
    case "purchase":
    case "return": {
      const names = (Array.isArray(detail.first) ? detail.first : []).map(text).filter(Boolean);
      const rest = Number(detail.lines ?? 0) - names.length;
      const listed = names.join(", ") || t(`entry.${entry.kind}`);
      return <b>{rest > 0 ? t("entry.and_more", { names: listed, count: rest }) : listed}</b>;
    }
    case "note":
      return <b>«{text(detail.body)}»</b>;
    case "consent":
      return (
        <b>
          {t(`entry.action.${entry.status ?? ""}`, {
            purpose: tc(`purpose.${text(detail.purpose)}`),
            channel: detail.channel ? tc(`channel.${text(detail.channel)}`) : tc("channel.all"),
          })}
        </b>
      );
    case "message":
      return (
        <b>
          {t("entry.message", {
            channel: tc(`channel.${text(detail.channel)}`),
            name: entry.title ?? t("entry.by_hand"),
            status: tm(`status.${entry.status ?? ""}`).toLocaleLowerCase(),
          })}
        </b>
      );
  }
}

function EntryDetail({ entry }: { entry: StoryEntry }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const reasons = useReasons();
  const day = formats.relativeDay(entry.at);
  switch (entry.kind) {
    case "purchase":
    case "return":
      return [day, entry.kind === "return" ? t("entry.return") : null, entry.title].filter(Boolean).join(" · ");
    case "note":
      return [day, entry.title].filter(Boolean).join(" · ");
    case "consent":
      return [
        day,
        entry.detail.method ? t(`method.${text(entry.detail.method)}`) : null,
        entry.detail.is_proven === false && entry.status === "GRANT" ? t("entry.unproven") : null,
      ]
        .filter(Boolean)
        .join(" · ");
    case "message":
      return [day, reasons.sentence(entry.reason)].filter(Boolean).join(" · ");
  }
}

function EntryEnd({ entry }: { entry: StoryEntry }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const reasons = useReasons();
  if (entry.amount) return <span className={classes.amount}>{formats.money(entry.amount)}</span>;
  if (entry.kind !== "message") return <span />;
  if (entry.reason) {
    return (
      <Why
        explanation={{
          sentence: reasons.sentence(entry.reason),
          remedy: reasons.remedy(entry.reason),
          asOf: formats.moment(entry.at),
          code: [text(entry.detail.rule_id), entry.reason].filter(Boolean).join(" · "),
        }}
      />
    );
  }
  return (
    <Link to="/messages" search={{ message: entry.subject_id }} className={classes.link}>
      {t("entry.read")}
    </Link>
  );
}

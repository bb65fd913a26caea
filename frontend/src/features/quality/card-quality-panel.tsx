/** On the card: what its data are worth, what is missing, and the one thing worth asking next. */
import { Button, Text } from "@mantine/core";
import { IconCheck, IconMessageQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./quality.module.css";
import { cardQualityOptions, useConfirmCard, type CardQuality, type Gap } from "./queries";

type Props = { customerId: string; isFrozen: boolean };

export function CardQualityPanel({ customerId, isFrozen }: Props) {
  const { t } = useTranslation("quality");
  const quality = useQuery(cardQualityOptions(customerId));
  return (
    <Panel title={t("card.title")} note={quality.data && t("card.score", { score: quality.data.score })}>
      <PanelBody>
        <Loaded query={quality} skeleton={<SkeletonRows rows={3} />}>
          {(answer) => (
            <>
              {answer.next_question && answer.is_counted && <Question gap={answer.next_question} />}
              <Parts quality={answer} />
              <Gaps quality={answer} />
              <Confirmation quality={answer} customerId={customerId} isFrozen={isFrozen} />
            </>
          )}
        </Loaded>
      </PanelBody>
    </Panel>
  );
}

function Question({ gap }: { gap: Gap }) {
  const { t } = useTranslation("quality");
  return (
    <div className={classes.ask}>
      <IconMessageQuestion size={18} stroke={1.75} aria-hidden />
      <div>
        <Text size="sm" fw={600}>
          {t(`ask.${gap.field ?? "whole_card"}`)}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`because.${gap.why}`)}
        </Text>
      </div>
    </div>
  );
}

function Parts({ quality }: { quality: CardQuality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  return (
    <dl className={classes.parts}>
      {quality.parts.map((part) => (
        <div key={part.part}>
          <dt>{t(`part.${part.part}`)}</dt>
          <dd>
            <ShareBar share={part.score / 100} height={6} />
            <span>{formats.number(part.score)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const reasons = ["bounced", "missing", "unconfirmed"] as const;

function Gaps({ quality }: { quality: CardQuality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  const gaps = quality.parts.flatMap((part) => part.gaps).filter((gap) => gap.field !== null && gap.rank !== "unused");
  return reasons.map((why) => {
    const fields = gaps.filter((gap) => gap.why === why).map((gap) => t(`field_in_words.${gap.field}`));
    return (
      fields.length > 0 && (
        <Text key={why} size="xs" c="dimmed">
          {t(`gaps.${why}`, { fields: formats.list(fields) })}
        </Text>
      )
    );
  });
}

function Confirmation({ quality, customerId, isFrozen }: Props & { quality: CardQuality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  const mayConfirm = useMay("customers:write");
  const confirm = useConfirmCard(customerId);
  const on = quality.confirmed_on;
  const isToday = on === formats.today();
  return (
    <>
      <Text size="xs" mt={6} title={on ? formats.longDay(on) : undefined}>
        {on ? t("card.confirmed", { when: formats.relativeDay(on) }) : t("card.never_confirmed")}
      </Text>
      {mayConfirm && !isFrozen && quality.is_counted && !isToday && (
        <Button
          size="xs"
          mt="sm"
          leftSection={<IconCheck size={14} stroke={2} />}
          loading={confirm.isPending}
          onClick={() => confirm.mutate(undefined, { onSuccess: () => tell(t("card.done")), onError: tellProblem })}
        >
          {t("card.confirm")}
        </Button>
      )}
    </>
  );
}

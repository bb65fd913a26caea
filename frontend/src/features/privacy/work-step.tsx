/** The middle step: what this kind of request asks us to look at or do before we answer. */
import { Text } from "@mantine/core";
import { IconBan, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { ErasureStep } from "./erasure-step";
import { PackStep } from "./pack-step";
import classes from "./privacy.module.css";
import type { PrivacyRequest } from "./queries";
import { hasPack } from "./steps";

type Props = { request: PrivacyRequest; isEditable: boolean; onDone: () => void };

export function WorkStep(props: Props) {
  const { request } = props;
  if (hasPack(request)) return <PackStep {...props} />;
  if (request.kind === "ERASURE") return <ErasureStep {...props} />;
  if (request.kind === "RECTIFICATION") return <RectificationStep {...props} />;
  return <ConsequencesStep {...props} />;
}

function RectificationStep({ request }: Props) {
  const { t } = useTranslation("privacy");
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead}>{t("rectification.lead")}</p>
        <Text size="sm" c="dimmed" mb="md">
          {t("rectification.help")}
        </Text>
        {request.wish && <blockquote className={classes.said}>{request.wish}</blockquote>}
      </PanelBody>
      <PanelRow className={classes.onward}>
        {request.customer_id && (
          <LinkButton to="/customers/$customerId" params={{ customerId: request.customer_id }} search={{ tab: "data" }}>
            {t("rectification.open")}
          </LinkButton>
        )}
        <Onward request={request} />
      </PanelRow>
    </Panel>
  );
}

const consequences = {
  RESTRICTION: { stops: ["messages", "segments", "exports", "profile"], stays: ["kept", "service"] },
  OBJECTION: { stops: ["marketing", "queued", "profile"], stays: ["service", "proof"] },
} as const;

function ConsequencesStep({ request }: Props) {
  const { t } = useTranslation("privacy");
  const kind = request.kind === "RESTRICTION" ? "RESTRICTION" : "OBJECTION";
  const { stops, stays } = consequences[kind];
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead}>{t(`consequence.lead.${kind}`)}</p>
        <div className={classes.pair}>
          <div>
            <Text fw={600} size="sm" mb={6}>
              {t("consequence.stops")}
            </Text>
            <ul className={classes.list}>
              {stops.map((each) => (
                <li key={each}>
                  <IconBan size={16} stroke={1.75} color="var(--denied)" aria-hidden />
                  {t(`consequence.${kind}.${each}`)}
                </li>
              ))}
            </ul>
          </div>
          <div>
            <Text fw={600} size="sm" mb={6}>
              {t("consequence.stays")}
            </Text>
            <ul className={classes.list}>
              {stays.map((each) => (
                <li key={each}>
                  <IconCircleCheck size={16} stroke={1.75} color="var(--allowed)" aria-hidden />
                  {t(`consequence.${kind}.${each}`)}
                </li>
              ))}
            </ul>
          </div>
        </div>
      </PanelBody>
      <PanelRow className={classes.onward}>
        <Onward request={request} />
      </PanelRow>
    </Panel>
  );
}

export function Onward({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  return (
    <LinkButton variant="filled" to="/privacy/requests/$id" params={{ id: request.id }} search={{ step: "answer" }}>
      {t("step.to_answer")}
    </LinkButton>
  );
}

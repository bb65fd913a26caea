/** Messages of which nobody knows whether they arrived: a person says so of each, and nothing is ever sent again blindly. */
import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./campaigns.module.css";
import { type Campaign, type Recipient, recipientsQuery, useResolve } from "./queries";

export function DoubtPanel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { number } = useFormats();
  const query = useQuery(recipientsQuery(campaign, { status: "unknown" }));
  const count = campaign.progress?.unknown ?? 0;
  return (
    <Panel
      title={t("doubt.title")}
      count={number(count)}
      more={
        <Link to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "recipients", status: "unknown" }}>
          {t("doubt.all")}
        </Link>
      }
    >
      <PanelBody>
        <Text size="sm" c="dimmed">
          {t("doubt.detail")}
        </Text>
      </PanelBody>
      <Loaded query={query}>{(page) => page.items.map((recipient) => <Doubt key={recipient.id} campaign={campaign} recipient={recipient} />)}</Loaded>
    </Panel>
  );
}

function Doubt({ campaign, recipient }: { campaign: Campaign; recipient: Recipient }) {
  const { t } = useTranslation("campaigns");
  const { moment, full } = useFormats();
  const resolve = useResolve();
  const decide = (outcome: "received" | "not_received") =>
    resolve.mutate({ id: recipient.id, outcome }, { onSuccess: () => tell(t("doubt.saved")), onError: tellProblem });
  const at = recipient.sent_at ?? recipient.planned_at;
  return (
    <PanelRow className={classes.doubt}>
      <div>
        <Link
          to="/campaigns/$id"
          params={{ id: campaign.id }}
          search={{ step: "progress", message: recipient.id }}
          resetScroll={false}
        >
          {recipient.customer_name}
        </Link>
        <Text size="xs" c="dimmed" title={full(at)}>
          {moment(at)}
        </Text>
      </div>
      <Button size="xs" loading={resolve.isPending} onClick={() => decide("received")}>
        {t("doubt.received")}
      </Button>
      <Button size="xs" loading={resolve.isPending} onClick={() => decide("not_received")}>
        {t("doubt.not_received")}
      </Button>
    </PanelRow>
  );
}

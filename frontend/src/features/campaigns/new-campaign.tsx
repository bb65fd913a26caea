/** `/campaigns/new`: a name, and the draft exists. Everything else is chosen in its steps. */
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { problemWords } from "@/lib/problem-words";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import { type Campaign, useCreateCampaign } from "./queries";

export function NewCampaign({ segment, onCreated }: { segment?: string; onCreated: (campaign: Campaign) => void }) {
  const { t } = useTranslation(["campaigns", "common"]);
  const { today, day } = useFormats();
  const create = useCreateCampaign();
  const [name, setName] = useState(t("new.default_name", { date: day(today(), "long") }));
  const problem = create.error && asProblem(create.error);
  return (
    <>
      <PageHeader
        documentTitle={t("new.title")}
        eyebrow={<Link to="/campaigns">{t("common:places.campaigns")}</Link>}
        title={t("new.title")}
      />
      <Panel maw={560}>
        <PanelBody pt="lg">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              create.mutate({ name: name.trim(), segment_id: segment }, { onSuccess: onCreated });
            }}
          >
            <TextInput
              label={t("new.name")}
              description={t("new.name_help")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              onFocus={(event) => event.currentTarget.select()}
              error={problem && (problem.errors[0]?.message ?? problemWords(problem).title)}
              maxLength={200}
            />
            <Button mt="lg" variant="filled" type="submit" loading={create.isPending} disabled={!name.trim()}>
              {t("new.create")}
            </Button>
          </form>
        </PanelBody>
      </Panel>
    </>
  );
}

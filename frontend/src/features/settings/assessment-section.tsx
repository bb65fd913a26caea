import { Button, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { IconCircleCheck, IconTool } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { tell } from "@/ui/toast";
import { type Assessment, assessmentQuery, fieldErrors, useSignAssessment } from "./queries";
import classes from "./settings.module.css";

export function AssessmentSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(assessmentQuery);
  return (
    <Panel>
      <PanelBody pt="lg">
        <Text c="dimmed" mb="md">
          {t("assessment.help")}
        </Text>
        <Loaded query={query}>
          {(assessment) => (
            <>
              <Standing assessment={assessment} />
              <SignForm />
            </>
          )}
        </Loaded>
      </PanelBody>
    </Panel>
  );
}

function Standing({ assessment }: { assessment: Assessment | null }) {
  const { t } = useTranslation("settings");
  const { longDay } = useFormats();
  return (
    <div style={{ marginBottom: 20 }}>
      {assessment ? (
        <ToneBadge tone="good" icon={IconCircleCheck} word={t("assessment.present", { date: longDay(assessment.signed_on), approver: assessment.approver })} />
      ) : (
        <ToneBadge tone="bad" icon={IconTool} word={t("assessment.missing")} />
      )}
    </div>
  );
}

function SignForm() {
  const { t } = useTranslation("settings");
  const sign = useSignAssessment();
  const [signedOn, setSignedOn] = useState<string | null>(null);
  const [approver, setApprover] = useState("");
  const [document, setDocument] = useState("");
  const errors = fieldErrors(sign.error);
  return (
    <form
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        if (!signedOn) return;
        sign.mutate(
          { signed_on: signedOn, approver: approver.trim(), document_sha256: document.trim() || undefined },
          { onSuccess: () => (setSignedOn(null), setApprover(""), setDocument(""), tell(t("assessment.saved"))) },
        );
      }}
    >
      <DateInput label={t("assessment.signed_on")} value={signedOn} onChange={setSignedOn} maxDate={new Date()} valueFormat="D MMMM YYYY" error={errors.of("signed_on")} />
      <TextInput label={t("assessment.approver")} value={approver} onChange={(event) => setApprover(event.currentTarget.value)} error={errors.of("approver")} />
      <TextInput
        className={classes.wide}
        label={t("assessment.document")}
        description={t("assessment.document_help")}
        value={document}
        onChange={(event) => setDocument(event.currentTarget.value)}
        error={errors.of("document_sha256")}
      />
      {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
      <div className={classes.wide}>
        <Button type="submit" variant="filled" loading={sign.isPending} disabled={!signedOn || !approver.trim()}>
          {t("assessment.save")}
        </Button>
      </div>
    </form>
  );
}

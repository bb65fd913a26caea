/** What a cashier sees of the place: any counter may take a request, and only the privacy desk works on it. */
import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import type { PrivacyRequest } from "./queries";
import { RegisterForm } from "./register-form";

export function ReceivePage() {
  const { t } = useTranslation("privacy");
  const { longDay } = useFormats();
  const [received, setReceived] = useState<PrivacyRequest | null>(null);
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("title_receive")} subtitle={t("receive_help")} />
      <Panel maw={820}>
        {received ? (
          <EmptyFace
            icon={<IconCircleCheck size={28} stroke={1.5} />}
            title={received.clock ? t("form.done", { date: longDay(received.clock.due_on) }) : t("state.received")}
            action={<Button onClick={() => setReceived(null)}>{t("form.another")}</Button>}
          />
        ) : (
          <PanelBody pt="lg" pb="lg">
            <RegisterForm onReceived={setReceived} />
          </PanelBody>
        )}
      </Panel>
    </>
  );
}

/** `/recalls/$id?tab=`: how it works, whose turn it is, what it would have done, what it did. */
import { Button, Tabs, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmAt, ConfirmModal } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { tell, tellProblem } from "@/ui/toast";
import { type Recall, recallQuery, useSwitchRecall } from "./queries";
import { RecallForm } from "./recall-form";
import { RecallState } from "./recall-list";
import { RecallPeople } from "./recall-people";
import { RecallRehearsal } from "./recall-rehearsal";
import { RecallRuns } from "./recall-runs";
import { type Tab, tabs } from "./tabs";

type Props = {
  id: string;
  tab: Tab;
  onTab: (tab: Tab) => void;
  onSaved: (recall: Recall) => void;
  /** The measured results, which belong to another feature. */
  results: ReactNode;
};

export function RecallPage(props: Props) {
  if (props.id === "new") return <NewRecall onSaved={props.onSaved} />;
  return <SavedRecall {...props} />;
}

function NewRecall({ onSaved }: Pick<Props, "onSaved">) {
  const { t } = useTranslation(["recalls", "common"]);
  return (
    <>
      <PageHeader documentTitle={t("common:places.recalls")} eyebrow={<Link to="/recalls">{t("back")}</Link>} title={t("form.new_title")} />
      <RecallForm saved={null} onSaved={onSaved} />
    </>
  );
}

function SavedRecall({ id, tab, onTab, onSaved, results }: Props) {
  const { t } = useTranslation(["recalls", "common"]);
  const query = useQuery(recallQuery(id));
  return (
    <Loaded query={query}>
      {({ body: recall }) => (
        <>
          <PageHeader
            documentTitle={t("common:places.recalls")}
            eyebrow={<Link to="/recalls">{t("back")}</Link>}
            title={recall.name}
            beside={<RecallState isActive={recall.is_active} />}
            actions={
              <OnlyIf may="recalls:write">
                <Switch recall={recall} />
              </OnlyIf>
            }
          />
          <Tabs value={tab} onChange={(next) => next && onTab(next as Tab)} keepMounted={false}>
            <Tabs.List mb="lg">
              {tabs.map((each) => (
                <Tabs.Tab key={each} value={each}>
                  {t(`tab.${each}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="setup">
              <RecallForm key={recall.version} saved={recall} onSaved={onSaved} />
            </Tabs.Panel>
            <Tabs.Panel value="people">
              <RecallPeople recall={recall} />
            </Tabs.Panel>
            <Tabs.Panel value="rehearsal">
              <RecallRehearsal id={id} />
            </Tabs.Panel>
            <Tabs.Panel value="past">
              <RecallRuns id={id} />
            </Tabs.Panel>
            <Tabs.Panel value="results">{results}</Tabs.Panel>
          </Tabs>
        </>
      )}
    </Loaded>
  );
}

function Switch({ recall }: { recall: Recall }) {
  const { t } = useTranslation("recalls");
  const { number } = useFormats();
  const change = useSwitchRecall(recall.id);
  const [isOpen, { open, close }] = useDisclosure(false);
  const turn = (isOn: boolean) =>
    change.mutate(isOn, {
      onSuccess: () => {
        close();
        tell(t(isOn ? "activation.activated" : "activation.deactivated"));
      },
      onError: tellProblem,
    });
  if (recall.is_active) {
    return (
      <ConfirmAt question={t("activation.off_detail")} verb={t("activation.off")} onConfirm={() => turn(false)}>
        {(ask) => (
          <Button leftSection={<IconPlayerPause size={16} />} onClick={ask} loading={change.isPending}>
            {t("activation.off")}
          </Button>
        )}
      </ConfirmAt>
    );
  }
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} />} onClick={open}>
        {t("activation.on")}
      </Button>
      <ConfirmModal
        isOpen={isOpen}
        onClose={close}
        title={t("activation.on_title", { name: recall.name })}
        verb={t("activation.on")}
        isBusy={change.isPending}
        onConfirm={() => turn(true)}
      >
        <Text>{t("activation.on_detail", { count: recall.due_count, formatted: number(recall.due_count) })}</Text>
      </ConfirmModal>
    </>
  );
}

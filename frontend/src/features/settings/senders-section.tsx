/** Who the messages come from: each sender with what receivers ask of it, one tick or one thing to do at a time. */
import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import { type Sender, sendersQuery } from "./queries";
import { SenderForm } from "./sender-form";
import { SenderPanel } from "./sender-panel";

export function SendersSection() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const query = useQuery(sendersQuery);
  const [edited, setEdited] = useState<Sender | null>(null);
  return (
    <Stack gap="md">
      {me.captures_messages && <Text c="dimmed">{t("senders.captured")}</Text>}
      <Loaded query={query}>
        {(senders) =>
          senders.length ? (
            senders.map((sender) => <SenderPanel key={sender.id} sender={sender} onEdit={() => setEdited(sender)} />)
          ) : (
            <Panel>
              <EmptyFace icon={<IconSend size={28} stroke={1.5} />} title={t("senders.empty")} detail={t("senders.empty_detail")} />
            </Panel>
          )
        }
      </Loaded>
      {edited && <SenderForm sender={edited} onClose={() => setEdited(null)} />}
    </Stack>
  );
}

/** What came of the call: seven buttons with the keys 1 to 7. What cannot be taken back is asked once more. */
import { Button, Menu, Stack, Textarea } from "@mantine/core";
import { IconBan, IconDots, IconPhoneCalling, IconPhoneOff, IconPhonePause, IconPhoneX, IconRecordMail, IconUserCheck, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { ConfirmModal } from "@/ui/confirm";
import { Panel, PanelBody } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { CallbackPicker } from "./callback-picker";
import classes from "./calls.module.css";
import { ObjectionModal } from "./objection-modal";
import { useRecord, type Call, type Outcome } from "./queries";

type Kind = Outcome["outcome"];
type Props = { call: Call; name: string; onDone: () => void; isGoingOn: boolean };

const order: { kind: Kind; icon: Icon }[] = [
  { kind: "REACHED", icon: IconUserCheck },
  { kind: "NO_ANSWER", icon: IconPhoneOff },
  { kind: "BUSY", icon: IconPhonePause },
  { kind: "VOICEMAIL", icon: IconRecordMail },
  { kind: "CALL_BACK", icon: IconPhoneCalling },
  { kind: "WRONG_NUMBER", icon: IconPhoneX },
  { kind: "OBJECTED", icon: IconBan },
];
const results = ["INTERESTED", "BOOKED", "NOT_INTERESTED"] as const;
const atOnce: Kind[] = ["NO_ANSWER", "BUSY", "VOICEMAIL"];
const asked: Partial<Record<Kind, string>> = { WRONG_NUMBER: "wrong", DECEASED: "deceased", ASKED_SOURCE: "source" };

export function OutcomePanel({ call, name, onDone, isGoingOn }: Props) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const record = useRecord(call.id);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const [note, setNote] = useState("");
  const isBusy = record.isPending || record.isSuccess || isGoingOn;

  function say(body: Omit<Outcome, "note">) {
    if (isBusy) return;
    record.mutate(
      { ...body, note: note.trim() || null },
      {
        onSuccess: (recorded) => {
          const gaveUp = atOnce.includes(recorded.outcome) && !recorded.again_at;
          tell(t(gaveUp ? "said.gave_up" : `said.${recorded.outcome}`, { when: recorded.again_at ? formats.moment(recorded.again_at) : "" }));
          onDone();
        },
        onError: tellProblem,
      },
    );
  }
  const press = (kind: Kind) => (atOnce.includes(kind) ? say({ outcome: kind }) : setChosen(kind === chosen ? null : kind));
  useKeys(Object.fromEntries(order.map(({ kind }, place) => [String(place + 1), () => press(kind)])));

  const question = chosen && asked[chosen];
  return (
    <Panel title={t("outcome.title")} note={<span className={classes.onlyKeys}>{t("outcome.keys")}</span>} className={classes.outcome}>
      <PanelBody>
        <Stack gap="md">
          <div className={classes.buttons}>
            {order.map(({ kind, icon: Drawn }, place) => (
              <Button
                key={kind}
                size="md"
                justify="flex-start"
                data-kind={kind}
                leftSection={<Drawn size={18} stroke={1.75} />}
                rightSection={<kbd className={classes.key}>{place + 1}</kbd>}
                onClick={() => press(kind)}
                disabled={isBusy}
                aria-pressed={chosen === kind}
                data-chosen={chosen === kind || undefined}
              >
                {t(`outcome.${kind}`)}
              </Button>
            ))}
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="md" justify="flex-start" variant="subtle" leftSection={<IconDots size={18} />} disabled={isBusy}>
                  {t("outcome.more")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(["ASKED_SOURCE", "DECEASED"] as const).map((kind) => (
                  <Menu.Item key={kind} onClick={() => setChosen(kind)}>
                    {t(`outcome.${kind}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </div>
          {chosen === "REACHED" && (
            <div role="group" aria-label={t("outcome.what_said")} className={classes.results}>
              <span className={classes.caption}>{t("outcome.what_said")}</span>
              {results.map((result) => (
                <Button key={result} size="md" onClick={() => say({ outcome: "REACHED", result })} disabled={isBusy}>
                  {t(`result.${result}`)}
                </Button>
              ))}
            </div>
          )}
          {chosen === "CALL_BACK" && <CallbackPicker call={call} onChoose={(callback_at) => say({ outcome: "CALL_BACK", callback_at })} isBusy={isBusy} />}
          <Textarea
            label={t("outcome.note")}
            description={t("outcome.note_help")}
            placeholder={chosen === "REACHED" ? t("outcome.note_booked") : undefined}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
        </Stack>
      </PanelBody>
      <ObjectionModal
        isOpen={chosen === "OBJECTED"}
        name={name}
        script={call.script}
        onClose={() => setChosen(null)}
        onConfirm={(objects_to) => say({ outcome: "OBJECTED", objects_to })}
        isBusy={isBusy}
      />
      <ConfirmModal
        isOpen={Boolean(question)}
        onClose={() => setChosen(null)}
        title={question ? t(`${question}.title`) : ""}
        verb={question ? t(`${question}.act`) : ""}
        onConfirm={() => chosen && say({ outcome: chosen })}
        isBusy={isBusy}
      >
        {question === "source" ? <p lang={call.script?.language}>{call.script?.about_source}</p> : question && <p>{t(`${question}.text`)}</p>}
      </ConfirmModal>
    </Panel>
  );
}

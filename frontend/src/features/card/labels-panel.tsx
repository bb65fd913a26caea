import { Badge, Group, TagsInput, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel, PanelBody } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import classes from "./card.module.css";
import { useInterests, useTags, type Customer } from "./queries";

/** Tags are the shop's words, interests are the person's. */
export function LabelsPanel({ customer, isFrozen }: { customer: Customer; isFrozen: boolean }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const tags = useTags(customer.id);
  const interests = useInterests(customer.id);
  const edit = !isFrozen && (
    <UnstyledButton className={classes.link} onClick={() => setEditing(!isEditing)}>
      {tc(isEditing ? "act.close" : "act.edit")}
    </UnstyledButton>
  );
  return (
    <Panel title={t("labels.title")} more={edit}>
      <PanelBody>
        {isEditing ? (
          <>
            <TagsInput
              label={t("labels.tags")}
              value={customer.tags}
              onChange={(after) => tags.mutate({ before: customer.tags, after }, { onError: tellProblem })}
              maxLength={60}
              mb="md"
            />
            <TagsInput
              label={t("labels.interests")}
              value={customer.interests}
              onChange={(labels) => interests.mutate(labels, { onError: tellProblem })}
              maxLength={60}
            />
          </>
        ) : (
          <>
            <Labels name={t("labels.tags")} labels={customer.tags} empty={t("labels.no_tags")} />
            <Labels name={t("labels.interests")} labels={customer.interests} empty={t("labels.no_interests")} />
          </>
        )}
      </PanelBody>
    </Panel>
  );
}

function Labels({ name, labels, empty }: { name: string; labels: string[]; empty: string }) {
  return (
    <div className={classes.labels}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      {labels.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Group gap={4}>
          {labels.map((label) => (
            <Badge key={label} variant="default" className={classes.label}>
              {label}
            </Badge>
          ))}
        </Group>
      )}
    </div>
  );
}

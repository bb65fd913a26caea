/** A group of conditions and the groups inside it. Everything is reachable in reading order; nothing needs dragging. */
import { ActionIcon, Button, Group as Row, Menu, SegmentedControl, Select, Text } from "@mantine/core";
import { IconBracketsContain, IconDots, IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConditionValue } from "./condition-value";
import { PermissionValue, PurchaseValue } from "./purchase-value";
import type { SegmentField } from "./queries";
import classes from "./segments.module.css";
import {
  type Condition,
  type Group,
  type Join,
  type Path,
  type Tree,
  appendTo,
  childrenOf,
  conditionFor,
  isComplete,
  isGroup,
  isNegation,
  joinAt,
  joinOf,
  negateAt,
  removeAt,
  replaceAt,
} from "./tree";

type Editing = { fields: SegmentField[]; tree: Tree; onChange: (tree: Tree) => void };

type GroupProps = Editing & {
  group: Group;
  path: Path;
  /** What stands around the choice «all / any» of an inner group: its negation before, its menu after. */
  before?: ReactNode;
  after?: ReactNode;
};

export function ConditionGroup({ group, path, before, after, ...editing }: GroupProps) {
  const { t } = useTranslation("segments");
  const { tree, fields, onChange } = editing;
  const children = childrenOf(group);
  const first = fields[0];
  return (
    <div className={classes.group} data-inner={path.length > 0 || undefined}>
      {(children.length > 1 || path.length > 0) && (
        <Row gap="xs">
          {before}
          <SegmentedControl
            aria-label={t("builder.join")}
            value={joinOf(group)}
            onChange={(join) => onChange(joinAt(tree, path, join as Join))}
            data={(["all", "any"] as const).map((join) => ({ value: join, label: t(`builder.${join}`) }))}
          />
          <span style={{ flex: 1 }} />
          {after}
        </Row>
      )}
      {children.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("builder.empty_group")}
        </Text>
      )}
      {children.map((child, index) => (
        <Node key={index} node={child} path={[...path, index]} {...editing} />
      ))}
      {first && (
        <Row gap="xs">
          <AddCondition fields={fields} onAdd={(field) => onChange(appendTo(tree, path, conditionFor(field)))} />
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconBracketsContain size={15} />}
            onClick={() => onChange(appendTo(tree, path, { any: [conditionFor(first)] }))}
          >
            {t("builder.add_group")}
          </Button>
        </Row>
      )}
    </div>
  );
}

function AddCondition({ fields, onAdd }: { fields: SegmentField[]; onAdd: (field: SegmentField) => void }) {
  const { t } = useTranslation("segments");
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button size="xs" leftSection={<IconPlus size={15} />}>
          {t("builder.add_condition")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {fields.map((field) => (
          <Menu.Item key={field.key} onClick={() => onAdd(field)}>
            {field.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A condition, a group or the negation of either: the negation is a word before what it negates. */
function Node({ node, path, ...editing }: Editing & { node: Tree; path: Path }) {
  const { t } = useTranslation("segments");
  const inner = isNegation(node) ? node.not : node;
  const innerPath = isNegation(node) ? [...path, 0] : path;
  const negated = isNegation(node) && <span className={classes.not}>{t("builder.negated")}</span>;
  if (isGroup(inner)) {
    return <ConditionGroup group={inner} path={innerPath} before={negated} after={<NodeMenu isGroup path={path} {...editing} />} {...editing} />;
  }
  const condition = inner as Condition;
  return (
    <div className={classes.row} data-incomplete={!isComplete(condition) || undefined} data-field={condition.field}>
      <div className={classes.parts}>
        {negated}
        <ConditionParts condition={condition} fields={editing.fields} onChange={(next) => editing.onChange(replaceAt(editing.tree, innerPath, next))} />
        {!isComplete(condition) && (
          <Text size="xs" c="dimmed">
            {t("builder.incomplete")}
          </Text>
        )}
      </div>
      <NodeMenu path={path} {...editing} />
    </div>
  );
}

type PartsProps = { condition: Condition; fields: SegmentField[]; onChange: (next: Condition) => void };

function ConditionParts({ condition, fields, onChange }: PartsProps) {
  const { t } = useTranslation("segments");
  const field = fields.find((each) => each.key === condition.field);
  const values = { condition, onChange };
  return (
    <>
      <Select
        className={classes.field}
        aria-label={t("builder.field")}
        data={fields.map(({ key, label }) => ({ value: key, label }))}
        value={condition.field}
        onChange={(key) => {
          const next = fields.find((each) => each.key === key);
          if (next) onChange(conditionFor(next));
        }}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t("builder.no_field")}
        maxDropdownHeight={320}
      />
      {field?.kind === "purchase" ? (
        <PurchaseValue {...values} />
      ) : field?.kind === "consent" ? (
        <PermissionValue {...values} />
      ) : field ? (
        <ConditionValue field={field} {...values} />
      ) : null}
    </>
  );
}

function NodeMenu({ path, tree, onChange, isGroup: isOfGroup }: Editing & { path: Path; isGroup?: boolean }) {
  const { t } = useTranslation("segments");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t("builder.more")}>
          <IconDots size={16} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChange(negateAt(tree, path))}>{t("builder.negate")}</Menu.Item>
        <Menu.Item leftSection={<IconTrash size={15} stroke={1.75} />} onClick={() => onChange(removeAt(tree, path))}>
          {t(isOfGroup ? "builder.remove_group" : "builder.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

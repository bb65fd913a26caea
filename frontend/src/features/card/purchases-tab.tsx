/** Receipts by day with their lines inside; a return says which purchase it takes back. */
import { Accordion, Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import classes from "./card.module.css";
import { purchasesOptions, type Transaction } from "./queries";

export function PurchasesTab({ customerId }: { customerId: string }) {
  const { t } = useTranslation("card");
  const purchases = useInfiniteQuery(purchasesOptions(customerId));
  return (
    <>
      <Loaded query={purchases}>
        {(pages) => {
          const receipts = pages.pages.flatMap((page) => page.items);
          if (receipts.length === 0) return <EmptyFace title={t("story_empty.purchases")} />;
          return (
            <Accordion multiple chevronPosition="left" classNames={{ item: classes.receipt, control: classes.receiptHead }}>
              {receipts.map((receipt) => (
                <Receipt key={receipt.id} receipt={receipt} />
              ))}
            </Accordion>
          );
        }}
      </Loaded>
      {purchases.hasNextPage && (
        <div className={classes.older}>
          <Button variant="subtle" onClick={() => void purchases.fetchNextPage()} loading={purchases.isFetchingNextPage}>
            {t("older")}
          </Button>
        </div>
      )}
    </>
  );
}

function Receipt({ receipt }: { receipt: Transaction }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const isReturn = receipt.kind.toUpperCase() === "RETURN";
  return (
    <Accordion.Item value={receipt.id}>
      <Accordion.Control>
        <span className={classes.receiptLine}>
          <span>
            <b>{formats.day(receipt.occurred_at, "long")}</b>{" "}
            <Text span size="xs" c="dimmed">
              {[
                formats.time(receipt.occurred_at),
                receipt.store_name,
                t("lines", { count: receipt.lines.length }),
                isReturn && t(receipt.original_id ? "entry.return_of" : "entry.return"),
              ]
                .filter(Boolean)
                .join(" · ")}
            </Text>
          </span>
          <span className={classes.amount}>{formats.money(receipt.total)}</span>
        </span>
      </Accordion.Control>
      <Accordion.Panel>
        <table className={classes.lineTable}>
          <tbody>
            {receipt.lines.map((line) => (
              <tr key={line.line_no}>
                <td>
                  {line.name}
                  {line.category_name && <small> {line.category_name}</small>}
                </td>
                <td>{line.quantity === "1" || /^1(\.0+)?$/.test(line.quantity) ? "" : `× ${line.quantity.replace(/\.?0+$/, "")}`}</td>
                <td>{formats.money(line.total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Text size="xs" c="dimmed" mt="xs">
          {t("receipt_key", { source: receipt.source, id: receipt.external_id })}
        </Text>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

import {
  IconBell,
  IconBrandWhatsapp,
  IconDeviceMobileMessage,
  IconMail,
  IconMailbox,
  IconPhone,
  IconPrinter,
  type Icon,
  type IconProps,
} from "@tabler/icons-react";

const icons: Record<string, Icon> = {
  EMAIL: IconMail,
  SMS: IconDeviceMobileMessage,
  WHATSAPP: IconBrandWhatsapp,
  PUSH: IconBell,
  PHONE_OPERATOR: IconPhone,
  PHONE_AUTO: IconPhone,
  POST: IconMailbox,
  FAX: IconPrinter,
};

export function ChannelIcon({ channel, ...icon }: IconProps & { channel: string }) {
  const Drawn = icons[channel] ?? IconMail;
  return <Drawn size={16} stroke={1.75} aria-hidden {...icon} />;
}

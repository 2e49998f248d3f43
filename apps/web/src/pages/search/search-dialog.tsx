export function SearchDialog({ onClose }: { onClose: () => void }) {
  void onClose;
  return null;
}

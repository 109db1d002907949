#include "words.hpp"

#include <algorithm>

namespace banyan::host {
namespace {

bool is_plain(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter || std::string_view{"_@%+=:,./-"}.find(c) != std::string_view::npos;
}

/// The command without these options, whether their value is the next word or follows on "=".
std::string without(std::span<const std::string> command_line, std::span<const std::string_view> options) {
  std::string text;
  for (std::size_t i = 0; i < command_line.size(); ++i) {
    const std::string& word = command_line[i];
    const bool is_left_out = std::any_of(options.begin(), options.end(), [&](std::string_view option) {
      return word == option || word.starts_with(std::string{option} + "=");
    });
    if (!is_left_out) {
      text += shell_word(word) + " ";
    } else if (word.find('=') == std::string::npos) {
      ++i;  // and its value
    }
  }
  return text;
}

}  // namespace

std::string joined(std::span<const std::string> words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string shell_word(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string command_for_folder(std::span<const std::string> command_line, const std::string& folder) {
  constexpr std::string_view data_dir[] = {"--data-dir"};
  std::string text = without(command_line, data_dir) + "--data-dir " + shell_word(folder);
  const bool waits = std::find(command_line.begin(), command_line.end(), "--standby") != command_line.end();
  return waits ? text : text + " --standby";
}

std::string command_for_modules(std::span<const std::string> command_line,
                                std::span<const std::string> modules) {
  constexpr std::string_view option[] = {"--modules"};
  return without(command_line, option) + "--modules " + joined(modules, ",");
}

}  // namespace banyan::host

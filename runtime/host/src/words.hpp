#pragma once
#include <span>
#include <string>
#include <string_view>

/// Words for people, and for their shell.
namespace banyan::host {

/// "users, orders"
std::string joined(std::span<const std::string> words, std::string_view between);

/// One word of a command as a shell reads it, in quotes if it has to be.
std::string shell_word(const std::string& word);

/// The command again, so that it waits for the stores of that folder and takes them over.
std::string command_for_folder(std::span<const std::string> command_line, const std::string& folder);
/// The command again, with these modules only.
std::string command_for_modules(std::span<const std::string> command_line,
                                std::span<const std::string> modules);

}  // namespace banyan::host

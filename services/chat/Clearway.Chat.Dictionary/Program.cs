using System.CommandLine;
using Clearway.Chat.Dictionary;

// Packs the dictionaries of the predictive text, and measures how good its suggestions are.
var folder = new Argument<DirectoryInfo>("folder") { Description = "Where words.*.txt and pairs.*.txt are; words.*.dict are written beside them." };
var pack = new Command("pack", "Writes the dictionaries that the chat service maps.") { folder };
pack.SetAction(parsed => Packing.Run(parsed.GetRequiredValue(folder), Console.Out));

var quality = new Command("quality", "Types held-out sentences and prints keystrokes saved and how often the meant word is suggested.");
quality.SetAction(_ => QualityMeasurement.Run(Console.Out));

return new RootCommand("Dictionaries of Clearway's predictive text.") { pack, quality }.Parse(args).Invoke();

using Clearway.Testing;

namespace Clearway.EndToEndTests;

/// <summary>Where tests leave what people want to look at; the folder is ignored by git and made anew by each run.</summary>
internal static class Artefacts
{
    /// <summary>Pictures of pages.</summary>
    public static DirectoryInfo Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository.Folder, "artifacts", "screenshots"));

    /// <summary>Writes a trace as an indented list, each span below its parent.</summary>
    public static void WriteTrace(string fileName, IReadOnlyCollection<ReceivedSpan> trace)
    {
        var lines = new List<string>();
        Append(parent: "", depth: 0);
        Write(fileName, [.. lines]);

        void Append(string parent, int depth)
        {
            foreach (var span in trace.Where(span => span.ParentSpanId == parent))
            {
                lines.Add($"{new string(' ', depth * 2)}{span.Service}: {span.Name}");
                Append(span.SpanId, depth + 1);
            }
        }
    }

    /// <summary>Writes text for people to read.</summary>
    public static void Write(string fileName, params string[] lines) => File.WriteAllLines(Path.Combine(Screenshots.Parent!.FullName, fileName), lines);

    /// <summary>Adds lines to what other tests have written.</summary>
    public static void Append(string fileName, params string[] lines) => File.AppendAllLines(Path.Combine(Screenshots.Parent!.FullName, fileName), lines);
}

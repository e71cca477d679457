using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>The AppHost's user secrets: generated parameters are written there once and read by later starts.</summary>
internal sealed class UserSecretsStore(string? path)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private static readonly Lock _gate = new();

    public static UserSecretsStore Of(Assembly? assembly) =>
        new(assembly?.GetCustomAttribute<UserSecretsIdAttribute>() is { } id ? PathHelper.GetSecretsPathFromSecretsId(id.UserSecretsId) : null);

    /// <summary>Writes <paramref name="value"/> unless another start has written one first; returns the one that holds.</summary>
    /// <param name="key">Configuration key.</param>
    /// <param name="value">Value to write.</param>
    /// <exception cref="DistributedApplicationException">The file cannot be read or written.</exception>
    public string GetOrAdd(string key, string value)
    {
        if (path is null)
        {
            return value;
        }

        try
        {
            lock (_gate)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var others = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : [];
                if (secrets[key] is JsonValue existing)
                {
                    return existing.ToString();
                }

                secrets[key] = value;
                Write(secrets.ToJsonString(_indented));
                return value;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DistributedApplicationException($"The user secrets in {path} cannot be used ({exception.Message}): mend or delete that file.");
        }
    }

    private void Write(string json)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

        var written = $"{path}.new";
        using (var file = new StreamWriter(written, options))
        {
            file.Write(json);
        }

        File.Move(written, path!, overwrite: true);
    }
}

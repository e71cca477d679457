using System.ComponentModel.DataAnnotations;

namespace Clearway.Storage.Links;

/// <summary>
/// Download links; configuration section <c>RecordingLinks</c>. The key's presence and quality are checked by the service defaults.
/// </summary>
internal sealed class LinkOptions
{
    public const string Section = "RecordingLinks";

    /// <summary>Configuration key of the secret.</summary>
    public const string KeyName = $"{Section}:Key";

    /// <summary>Key of the HMAC; its UTF-8 bytes are used.</summary>
    public string Key { get; set; } = "";

    /// <summary>How long a link works.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(7);
}

using System.ComponentModel.DataAnnotations;

namespace Clearway.Chat.Files;

/// <summary>Limits of files; section <c>Files</c>.</summary>
internal sealed class FileLimits
{
    /// <summary>Bytes of one file.</summary>
    [Range(1, 100L * 1024 * 1024)]
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes of all files of a tenant together.</summary>
    [Range(1, long.MaxValue)]
    public long TenantQuotaBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long a file may wait to be announced, and stays after its message is gone.</summary>
    public TimeSpan UnannouncedLifetime { get; set; } = TimeSpan.FromHours(1);
}

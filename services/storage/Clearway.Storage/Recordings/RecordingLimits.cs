using System.ComponentModel.DataAnnotations;

namespace Clearway.Storage.Recordings;

/// <summary>Limits of recordings; configuration section <c>Recordings</c>.</summary>
internal sealed class RecordingLimits
{
    /// <summary>Bytes in one message of an upload or a download.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    /// <summary>Bytes that are coalesced into one block.</summary>
    public const int MaxBlockBytes = 8 * 1024 * 1024;

    /// <summary>A blob holds 50,000 blocks; the rest is for the pieces that sealing adds.</summary>
    public const int MaxBlocks = 49_500;

    /// <summary>Text elements in a title.</summary>
    public const int MaxTitleTextElements = 120;

    /// <summary>Bytes of a title in UTF-8: percent-encoded it must fit into 8 KiB of metadata.</summary>
    public const int MaxTitleBytes = 2048;

    /// <summary>Bytes in one recording.</summary>
    [Range(1L, 1L << 40)]
    public long MaxRecordingBytes { get; set; } = 32L << 30;

    /// <summary>Bytes that all uploads of this process together may hold in memory; each needs at least <see cref="Upload.LeastBytes"/>.</summary>
    [Range(Upload.LeastBytes, 64L << 30)]
    public long UploadMemoryBytes { get; set; } = 256L << 20;

    /// <summary>Policy of tenants that have none of their own.</summary>
    public RecordingPolicy Policy { get; set; } = new();

    /// <summary>Policies by tenant.</summary>
    public Dictionary<string, RecordingPolicy> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Time between two rounds of the janitor.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan JanitorInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the bytes of an upload that was cut may take to be stored.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CutUploadGrace { get; set; } = TimeSpan.FromSeconds(20);

    public RecordingPolicy PolicyOf(TenantId tenant) => Tenants.GetValueOrDefault(tenant.Value, Policy);
}

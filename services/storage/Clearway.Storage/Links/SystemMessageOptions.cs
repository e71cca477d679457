namespace Clearway.Storage.Links;

/// <summary>System messages; configuration section <c>SystemMessages</c>, shared with the signaling gateway that verifies them.</summary>
internal sealed class SystemMessageOptions
{
    public const string Section = "SystemMessages";

    /// <summary>Configuration key of the secret.</summary>
    public const string KeyName = $"{Section}:Key";

    /// <summary>Key of the HMAC; its UTF-8 bytes are used.</summary>
    public string Key { get; set; } = "";
}

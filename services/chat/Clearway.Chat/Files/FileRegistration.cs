using Clearway.ServiceDefaults;

namespace Clearway.Chat.Files;

/// <summary>System messages; configuration section <c>SystemMessages</c>, shared with the signaling gateway that verifies them.</summary>
internal sealed class SystemMessageOptions
{
    public const string Section = "SystemMessages";

    /// <summary>Configuration key of the secret.</summary>
    public const string KeyName = $"{Section}:Key";

    /// <summary>Key of the HMAC; its UTF-8 bytes are used.</summary>
    public string Key { get; set; } = "";
}

internal static class FileRegistration
{
    private const string Container = "chatfiles";
    private const int MinKeyLength = 32;

    /// <summary>
    /// Adds files in the blob container <c>chatfiles</c>, where one is configured. Chat lines do not wait for it: while it is away the
    /// service is ready, and files are refused as unavailable.
    /// </summary>
    /// <returns>Whether there are files here.</returns>
    public static bool AddFiles(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[$"ConnectionStrings:{Container}"]))
        {
            return false;
        }

        builder.RequireSecret(SystemMessageOptions.KeyName, MinKeyLength);
        builder.Services.AddOptions<SystemMessageOptions>().BindConfiguration(SystemMessageOptions.Section);
        builder.Services.AddOptions<FileLimits>().BindConfiguration("Files").ValidateDataAnnotations()
            .Validate(options => options.UnannouncedLifetime > TimeSpan.Zero, "Files:UnannouncedLifetime must be positive.")
            .ValidateOnStart();
        builder.AddAzureBlobContainerClient(Container, settings => settings.DisableHealthChecks = true);
        builder.Services.AddScoped<RoomFiles>();
        builder.Services.AddSingleton<UploadTurns>();
        return true;
    }
}

using Clearway.ServiceDefaults;

namespace Clearway.Chat.Files;

/// <summary>Registers files.</summary>
internal static class FileRegistration
{
    private const string Container = "chatfiles";

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

        builder.AddSystemMessageKey();
        builder.Services.AddOptions<FileLimits>().BindConfiguration("Files").ValidateDataAnnotations()
            .Validate(options => options.UnannouncedLifetime > TimeSpan.Zero, "Files:UnannouncedLifetime must be positive.")
            .ValidateOnStart();
        builder.AddAzureBlobContainerClient(Container, settings => settings.DisableHealthChecks = true);
        builder.Services.AddScoped<RoomFiles>();
        builder.Services.AddSingleton<UploadTurns>();
        return true;
    }
}

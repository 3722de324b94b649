# Every example of every help page and every guide runs, against the fake vendors, in a folder that has what the examples speak of: pictures
# (harbour.png, woodcut.png, mask.png, photos, small), CSV files (prompts.csv, edits.csv, sizes.csv), a vendor's
# document (easel.yaml) and, for the commands about tasks, runs. None is left out. A new page needs nothing here unless its examples speak of something else.

BeforeDiscovery {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).Path
    $examples = foreach ($page in Get-ChildItem (Join-Path $root docs en-US) -Filter *-*.md) {
        $section = [regex]::Match((Get-Content $page.FullName -Raw), '(?s)\n## EXAMPLES\r?\n(.*?)\n## ').Groups[1].Value
        foreach ($example in $section -split '(?m)^### ' | Select-Object -Skip 1) {
            @{
                Command = $page.BaseName
                Title   = ($example -split '\r?\n')[0]
                Code    = [regex]::Matches($example, '(?s)```powershell\r?\n(.*?)```').ForEach({ $_.Groups[1].Value }) -join "`n"
            }
        }
    }

    # A guide is one example: its blocks belong together.
    $guides = foreach ($name in 'first-picture', 'csv-in-ci', 'coming-from-elsewhere', 'any-vendor') {
        $blocks = [regex]::Matches((Get-Content (Join-Path $root docs "$name.md") -Raw), '(?s)```powershell\r?\n(.*?)```').ForEach({ $_.Groups[1].Value })
        @{ Command = 'Guide'; Title = $name; Code = $blocks -replace '(?m)^Import-Module .*$' -join "`n" }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    $before = Get-ChildItem Env:
    Connect-Vendor -All
    $ready = Get-ChildItem Env:
    # What is not named on a command line of an example, because a person would answer.
    $PSDefaultParameterValues['*-AIImage*:Confirm'] = $false
    $runId = '20261121-094249-402-397rx1'

    # What is kept for the user, and what lies in his home folder, is another one for each example.
    function Enter-Stage([string] $Command) {
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD .state
        $env:HOME = (New-Item -ItemType Directory .home).FullName
        Copy-Item (Join-Path $stage *) . -Recurse
        # The fake vendor that is known by its document alone.
        $code = $Code.Replace('https://easel.example', "$env:FAKE_ORIGIN/easel")
        if ($Command -eq 'Unregister-AIImageProvider') {
            $null = Register-AIImageProvider Easel easel.yaml -BaseUrl $env:EASEL_BASE_URL -DoneWord dried -FailedWord torn
        }

        if ($Command -notlike '*-AIImageTask') {
            return $code
        }

        # At a provider that can cancel; what is to be cancelled must still be under way.
        $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/settings" -Body "{""replicateJobSeconds"":$(if ($Command -like 'Stop-*') { 60 } else { 0 })}"
        $null = New-AIImage 'a boat' -Provider Replicate -NoWait -RunId $runId
        $null = New-AIImage 'a boat' -Provider Replicate -NoWait -OutputDirectory pictures
        $null = New-AIImage 'a lighthouse' -Provider Demo -Size 64x64 -OutputDirectory pictures -BatchId batch
        # Ids of the vendors' own stand for those of a job that is on no record.
        if ($code -match 'ufawqhfynnddngldkgtslldrkq') {
            $job = New-AIImage 'a boat' -Provider Replicate -NoWait -OutputDirectory elsewhere
            $other = New-AIImage 'a boat' -Provider BFL -NoWait -OutputDirectory elsewhere
            $link = (Get-Content $other.RecordPath -Raw | ConvertFrom-Json).tasks[0].handle.status_url
            $code = $code.Replace('ufawqhfynnddngldkgtslldrkq', $job.TaskId).Replace('https://api.us1.bfl.ai/v1/get_result?id=3d5f0c1e', $link)
            Remove-Item elsewhere, .state -Recurse -Force
        }

        $code
    }

    $stage = (New-Item -ItemType Directory (Join-Path $TestDrive stage)).FullName
    Push-Location $stage
    'harbour', 'woodcut' | ForEach-Object { $null = New-AIImage $_ -Provider Demo -Size 256x192 -Name $_ -OutputDirectory . }
    Invoke-RestMethod "$env:FAKE_ORIGIN/elsewhere/mask-256x192.png" -OutFile mask.png
    'one', 'two' | ForEach-Object {
        $null = New-AIImage $_ -Provider BFL -Size 128x128 -Name $_ -OutputDirectory photos
        $null = New-AIImage $_ -Provider Demo -Size 128x128 -Name $_ -OutputDirectory small
    }

    Get-ChildItem -Recurse -Force -Directory -Filter .artifacts | Remove-Item -Recurse -Force
    'Prompt,Name', 'a red panda,panda', 'a paper boat,boat' | Set-Content prompts.csv
    'Image,Prompt', 'harbour.png,at night', 'woodcut.png,in spring' | Set-Content edits.csv
    'Image,Scale', 'harbour.png,2', 'small/one.png,4' | Set-Content sizes.csv
    Invoke-RestMethod "$env:FAKE_ORIGIN/easel/openapi.yaml" -OutFile easel.yaml
    $null = New-Item -ItemType Directory docs
    Copy-Item (Join-Path $root docs samples) docs -Recurse
    Pop-Location
}

AfterAll {
    $before | ForEach-Object { Set-Item "Env:$($_.Name)" $_.Value }
    Disconnect-Vendor
}

Describe 'Examples' {
    BeforeEach { Clear-Vendor }

    AfterEach {
        Pop-Location
        'HOME', 'PSIMAGEGEN_STATE' | ForEach-Object { Set-Item "Env:$_" ($ready | Where-Object Name -EQ $_).Value }
    }

    It '<Command>, <Title>' -ForEach ($examples + $guides) {
        $Code | Should -Not -BeNullOrEmpty
        $code = (Enter-Stage $Command) -replace "(\`$env:\w+) = 'your key'", '$1 = $1' -replace ' -Confirm(?!:)', ''

        $failures = @(Get-Failure ([scriptblock]::Create($code)))

        $failures | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty
    }
}

Describe 'Get-Help' {
    It 'shows the examples of <_>' -ForEach ($examples.Command | Sort-Object -Unique) {
        if (-not (Test-Path (Join-Path $root output PSImageGen en-US PSImageGen.dll-Help.xml))) {
            Set-ItResult -Skipped -Because 'the module was built without PlatyPS, so that it has no help but the syntax'
        }

        $shown = (Get-Help $_ -Examples).examples.example
        @($shown).Count | Should -BeGreaterOrEqual 3
        @($shown)[0].code | Should -Match '-AI(Image|Character)'
    }
}
